namespace Meshpulse.Core.Probing.Stamp;

/// <summary>What a reply says.</summary>
/// <param name="Reply">Its numbers and times.</param>
public readonly record struct StampReading(StampReply Reply)
{
    /// <summary>The reflector says that its clock is synchronised to UTC.</summary>
    public bool IsSynchronised { get; init; }

    /// <summary>It carries the session id of its request.</summary>
    public bool HasSessionId { get; init; }

    /// <summary>The TTL or hop limit that the request came with, as the reflector says; 255 may mean that it can't see it.</summary>
    public byte SenderTtl { get; init; }

    /// <summary>The DSCP that the request came with, 0 to 63; null where it says nothing of it.</summary>
    public byte? SeenDscp { get; init; }

    /// <summary>When an earlier reply really left; null where it says nothing of it. Only who counts its replies can say it.</summary>
    public StampFollowUpReading? FollowUp { get; init; }
}
