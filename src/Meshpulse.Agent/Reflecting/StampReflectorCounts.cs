using Meshpulse.Core.Probing.StampReflector;

namespace Meshpulse.Agent.Reflecting;

/// <summary>What a reflector has done since its start; each figure is as it was at some moment of the reading.</summary>
public sealed record StampReflectorCounts
{
    private static readonly string[] s_labels =
        ["answered", "too_short", "source", "not_allowed", "mac", "error_estimate", "reply", "session_limit", "source_limit", "total_limit"];

    /// <summary>Packets by what was decided about them; every decision there is, in its order.</summary>
    public required IReadOnlyList<KeyValuePair<StampDecision, long>> Decisions { get; init; }

    /// <summary>Sessions that are remembered; some may be past their idle time and not yet noticed.</summary>
    public required long Sessions { get; init; }

    /// <summary>Sessions that were forgotten after their idle time.</summary>
    public required long SessionsExpired { get; init; }

    /// <summary>Sessions that were forgotten before it, for want of room.</summary>
    public required long SessionsEvicted { get; init; }

    /// <summary>Replies that this host refused to send; they are among those answered.</summary>
    public required long Unsent { get; init; }

    /// <summary>Packets that our own receive queues dropped, as of the last second; in no other figure.</summary>
    public required long Drops { get; init; }

    /// <summary>Packets whose T2 is the kernel's stamp.</summary>
    public required long KernelStamps { get; init; }

    /// <summary>Packets whose T2 is the time of our reading.</summary>
    public required long UserStamps { get; init; }

    /// <summary>Replies whose leaving the kernel stamped, for Follow-Up Telemetry.</summary>
    public required long SendStamps { get; init; }

    /// <summary>All packets that came to us.</summary>
    public long Packets => Decisions.Sum(d => d.Value);

    /// <summary>Those that were answered.</summary>
    public long Answered => Decisions[(int)StampDecision.Answer].Value;

    /// <summary>Sessions that began since the start.</summary>
    public long SessionsBegun => Sessions + SessionsExpired + SessionsEvicted;

    /// <summary>Those of a reflector that has not begun.</summary>
    public static StampReflectorCounts None { get; } = new()
    {
        Decisions = [.. Enum.GetValues<StampDecision>().Select(d => KeyValuePair.Create(d, 0L))],
        Sessions = 0,
        SessionsExpired = 0,
        SessionsEvicted = 0,
        Unsent = 0,
        Drops = 0,
        KernelStamps = 0,
        UserStamps = 0,
        SendStamps = 0,
    };

    /// <summary>What two reflectors did together.</summary>
    public static StampReflectorCounts operator +(StampReflectorCounts left, StampReflectorCounts right) => new()
    {
        Decisions = [.. left.Decisions.Zip(right.Decisions, (l, r) => KeyValuePair.Create(l.Key, l.Value + r.Value))],
        Sessions = left.Sessions + right.Sessions,
        SessionsExpired = left.SessionsExpired + right.SessionsExpired,
        SessionsEvicted = left.SessionsEvicted + right.SessionsEvicted,
        Unsent = left.Unsent + right.Unsent,
        Drops = left.Drops + right.Drops,
        KernelStamps = left.KernelStamps + right.KernelStamps,
        UserStamps = left.UserStamps + right.UserStamps,
        SendStamps = left.SendStamps + right.SendStamps,
    };

    /// <summary>The stable name of a decision, for metrics, JSON and people.</summary>
    public static string LabelOf(StampDecision decision) => s_labels[(int)decision];
}
