using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Sounding;

/// <summary>One flow's packets in the words of its protocol: writes requests, judges replies, keeps count. No I/O; one thread.</summary>
internal abstract class SoundingSession
{
    /// <summary>How long after its timeout a reply is still known as late.</summary>
    public static Duration Memory { get; } = Duration.FromSeconds(5);

    /// <summary>When the oldest request that waits is decided; <see cref="MonoTime.Never"/> where none waits.</summary>
    public abstract MonoTime NextExpiry { get; }

    /// <summary>What became of everything so far.</summary>
    public abstract SoundingCounts Counts { get; }

    /// <summary>What was told by TLVs so far, by the last that told it.</summary>
    public virtual StampTold Told => default;

    /// <summary>The counters of both ends; null where they were not told.</summary>
    public virtual SoundingDirect? Direct => null;

    /// <summary>The target is known to number its replies: by this session's replies, or because another flow found out.</summary>
    public virtual bool CountsReplies
    {
        get => false;
        set => _ = value;
    }

    /// <summary>Writes the next request over the whole of <paramref name="packet"/>.</summary>
    public abstract void Write(Span<byte> packet, WallTime t1);

    /// <summary>The request that was written last has left.</summary>
    public abstract void OnSent(MonoTime now, MonoTime intended, WallTime t1);

    /// <summary>The kernel tells when a request left.</summary>
    /// <param name="id">Sends are numbered alike by the socket and by the session: both leave out those that failed.</param>
    /// <param name="stamp">Not believed where it lies before the send.</param>
    public abstract void OnSendStamp(uint id, WallTime stamp);

    /// <summary>A datagram came from the target's address and port.</summary>
    public abstract SoundingReply OnDatagram(in PathArrival arrival, ReadOnlySpan<byte> datagram);

    /// <summary>Gives up the requests whose timeout has passed.</summary>
    public abstract void Expire(MonoTime now);

    /// <summary>Gives out an exchange that waited for better times than will come.</summary>
    /// <param name="now">The time; <see cref="MonoTime.Never"/> at the end.</param>
    /// <param name="exchange">The exchange.</param>
    public virtual bool TryRelease(MonoTime now, out PathExchange exchange)
    {
        exchange = default;
        return false;
    }
}
