using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>One TCP connection, or the attempt at one, and everything that is measured on it.</summary>
internal sealed class MeshConnection(int id, bool outbound, NodeEndpoint remote, MonoTime now)
{
    // Grows to the longest list that came, at most a frame's body: most meshes are small, and a thousand peers are many.
    private byte[] _listing = new byte[HeartbeatWire.StampLength];
    private int _listingLength = HeartbeatWire.StampLength;

    public int Id { get; } = id;

    /// <summary>True where we called.</summary>
    public bool Outbound { get; } = outbound;

    /// <summary>The other end of the socket; for calls of ours also the identity that we called.</summary>
    public NodeEndpoint Remote { get; } = remote;

    /// <summary>Our end of the socket, once it stands.</summary>
    public NodeEndpoint Local { get; set; }

    public ConnectionState State { get; set; } = outbound ? ConnectionState.Dialing : ConnectionState.AwaitingHello;

    public MonoTime OpenedAt { get; } = now;

    public MonoTime EstablishedAt { get; set; }

    /// <summary>The node at the other end, once it is known.</summary>
    public MeshPeer? Peer { get; set; }

    /// <summary>Who wanted the call.</summary>
    public DialTarget? Target { get; set; }

    public FrameAssembler Frames { get; } = new();

    public ArrivalTracker Arrivals;

    public SendSchedule Schedule;

    /// <summary>The slot of the send wheel; -1 while not in it.</summary>
    public int WheelSlot { get; set; } = -1;

    /// <summary>When the frame began that has not ended.</summary>
    public MonoTime? PartialSince { get; set; }

    /// <summary>When the transport last took a heartbeat.</summary>
    public MonoTime LastTaken { get; set; }

    /// <summary>When the last heartbeat came, or the connection was established where none has come.</summary>
    public MonoTime LastHeard => Arrivals.HasLast && Arrivals.Last > EstablishedAt ? Arrivals.Last : EstablishedAt;

    /// <summary>Up to which number of the roster the peer was told.</summary>
    public long ToldUpTo { get; set; }

    public MonoTime ToldAllAt { get; set; }

    /// <summary>The body of the last heartbeat with a new list, to see at once that the next one is the same.</summary>
    public ReadOnlySpan<byte> LastListing => _listing.AsSpan(0, _listingLength);

    /// <summary>The list was not believed when it came.</summary>
    public bool ListIsUntaken { get; set; }

    public MonoTime LastListAt { get; set; }

    public TokenBucket Heartbeats;

    public TokenBucket ListEntries = new(rate: 2_000, burst: 4_000);

    public TokenBucket Gaps = new(rate: 5, burst: 20);

    /// <summary>The silence that was told last; the next is told at twice its length.</summary>
    public Duration ToldSilence { get; set; }

    /// <summary>How long the gap that lasts was when it was told last; zero where none is, or it was not.</summary>
    public Duration ToldOpenGap { get; set; }

    public void KeepListing(ReadOnlySpan<byte> body)
    {
        if (_listing.Length < body.Length)
        {
            _listing = new byte[body.Length];
        }

        body.CopyTo(_listing);
        _listingLength = body.Length;
    }

    public bool IsOpen => State != ConnectionState.Closed;
}
