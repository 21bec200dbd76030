using System.Runtime.InteropServices;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>One session, as it lies in the table.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StampSession
{
    /// <summary>The sender.</summary>
    public NodeEndpoint Source;

    /// <summary>The address asked.</summary>
    public NodeEndpoint Local;

    /// <summary>The session id.</summary>
    public ushort Ssid;

    /// <summary>The slot behind this one in its chain, or in the free list; -1 for none.</summary>
    public int Link;

    /// <summary>Goes up each time the slot changes hands: a token of the session before names nothing.</summary>
    public uint Generation;

    /// <summary>True where there is a session in the slot.</summary>
    public bool IsUsed;

    /// <summary>The number of the next reply, which is also how many there were.</summary>
    public uint Next;

    /// <summary>How many requests came, mod 2^32.</summary>
    public uint Received;

    /// <summary>When it began.</summary>
    public MonoTime Created;

    /// <summary>When the last request came.</summary>
    public MonoTime LastSeen;

    /// <summary>True where <see cref="FollowUpSequence"/> and what follows say something.</summary>
    public bool HasFollowUp;

    /// <summary>The last reply whose true time of sending is known.</summary>
    public uint FollowUpSequence;

    /// <summary>That time.</summary>
    public WallTime FollowUpTime;

    /// <summary>How it was found.</summary>
    public StampTimestampMethod FollowUpMethod;

    /// <summary>Replies a second that are kept for this session; 0 for none.</summary>
    public long Reserved;

    /// <summary>When the allowance out of that is whole again.</summary>
    public MonoTime ReserveWhole;

    /// <summary>Since when <see cref="WindowReplies"/> counts.</summary>
    public MonoTime WindowStart;

    /// <summary>Replies since then.</summary>
    public long WindowReplies;
}
