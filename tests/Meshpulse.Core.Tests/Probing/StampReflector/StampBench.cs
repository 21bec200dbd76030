using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.StampReflector;

/// <summary>A responder with a clock and a buffer; the times, keys and estimates are those of the vectors.</summary>
internal sealed class StampBench
{
    public const long Second0 = 1_700_000_000_000_000_000;

    public static readonly NodeEndpoint Asker = Node("10.0.0.1:40000");
    public static readonly NodeEndpoint Here = Node("10.0.0.9:862");
    public static readonly StampKey Key = MakeKey(0);

    private readonly byte[] _buffer = new byte[70_000];

    public StampBench(StampResponderOptions? options = null, ulong seed = 1) =>
        Responder = new StampResponder(options ?? new StampResponderOptions(), seed) { ErrorEstimate = new StampErrorEstimate(0x9601) };

    public StampResponder Responder { get; }

    public MonoTime Now { get; set; } = new(1_000_000_000);

    /// <summary>T2; T3 is 50 us later.</summary>
    public long Received { get; set; } = Second0 + 126_456_789;

    public StampDecision Decision { get; private set; }

    public StampReply Reply { get; private set; }

    public byte Ttl { get; set; } = 250;

    public byte TrafficClass { get; set; }

    public StampFlowCounters? Counters { get; set; }

    /// <summary>The reply's bytes; none where there is none.</summary>
    public byte[] Ask(byte[] datagram, NodeEndpoint? source = null, NodeEndpoint? local = null)
    {
        Decision = Decide(datagram, source ?? Asker, local ?? Here, out var reply);
        Reply = reply;
        return Decision == StampDecision.Answer ? _buffer[..reply.Length] : [];
    }

    /// <summary>Without a copy.</summary>
    public StampDecision Decide(byte[] datagram, NodeEndpoint source, NodeEndpoint local, out StampReply reply)
    {
        var arrival = new StampArrival(Now, new WallTime(Received), source, local) { Ttl = Ttl, TrafficClass = TrafficClass, Counters = Counters };
        var decision = Responder.Decide(arrival, datagram, _buffer, out reply);
        if (decision == StampDecision.Answer)
        {
            Responder.Seal(reply, new WallTime(Received + 50_000), _buffer);
        }

        return decision;
    }

    public string AskHex(string datagram) => Convert.ToHexStringLower(Ask(Hex(datagram)));

    /// <summary>The number in a reply to an ordinary request; -1 where there is none.</summary>
    public long Number(uint sequence = 0, ushort ssid = 1, NodeEndpoint? source = null, NodeEndpoint? local = null)
    {
        var reply = Ask(Request(sequence, ssid), source, local);
        return reply.Length == 0 ? -1 : (reply[0] << 24) | (reply[1] << 16) | (reply[2] << 8) | reply[3];
    }

    public void Wait(double seconds)
    {
        var span = (long)(seconds * 1e9);
        (Now, Received) = (new MonoTime(Now.Nanoseconds + span), Received + span);
    }

    public static byte[] Request(uint sequence = 0, ushort ssid = 1, int length = 44, long at = Second0, StampMode mode = StampMode.Unauthenticated, StampKey? key = null)
    {
        var bytes = new byte[Math.Max(length, StampWire.LengthOf(mode))];
        _ = StampWire.WriteRequest(
            bytes, mode, new StampSenderPacket(sequence, StampTimestamp.FromNanoseconds(at, StampTimestampFormat.Ntp), new StampErrorEstimate(0x8f84), ssid));
        if (mode == StampMode.Authenticated)
        {
            StampMac.SignPacket(key ?? Key, bytes);
        }

        return bytes[..length];
    }

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static NodeEndpoint Node(string text) => NodeEndpoint.TryParse(text, out var node) ? node : throw new FormatException(text);

    public static StampKey MakeKey(int first) =>
        StampKey.TryCreate(Enumerable.Range(first, 32).Select(i => (byte)i).ToArray(), out var key) ? key : throw new InvalidOperationException();
}
