using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Bench.Micro;

/// <summary>A thousand probes of 25 ms without a network: each turn is another probe's, so that the caches see what they see in life.</summary>
internal sealed class ManyProbes
{
    public const int Count = 1_000;

    private static readonly Duration s_latency = Duration.FromMicroseconds(50);

    private readonly SpscRing<Sample> _samples = new(1 << 12);
    private readonly QueueTransport _transport = new();
    private readonly CheckNode _node;
    private readonly ProbeSeries[] _series;
    private readonly byte[] _response = new byte[UdpPingWire.Length];
    private MonoTime _now = new(1_000_000_000);
    private int _next;

    public ManyProbes()
    {
        _node = new CheckNode(_transport, new CheckOutbox(_samples), new SplitMix64(1), _now);
        _series = [.. Enumerable.Range(0, Count).Select(NewSeries)];
        for (var i = 0; i < Count; i++)
        {
            _node.Add(NewProbe(i), NodeEndpoint.FromBytes([127, 1, (byte)(i / 250), (byte)(i % 250)], 4232), _now);
        }
    }

    /// <summary>A probe as the probing thread keeps it.</summary>
    public static CheckProbe NewProbe(int id) =>
        new(id, new ProbeSettings(CheckKind.UdpPing, Duration.FromMilliseconds(25), Duration.FromSeconds(1), UdpPingWire.Length, 0));

    /// <summary>The same as the collector keeps it.</summary>
    public static ProbeSeries NewSeries(int id)
    {
        _ = ServerAddress.TryParse("127.1.0.1", 4232, out var address, out _);
        var server = new ServerDefinition { Name = "a", Address = address! };
        var check = new CheckDefinition
        {
            From = "a",
            To = "a",
            Kind = CheckKind.UdpPing,
            Interval = Duration.FromMilliseconds(25),
            Timeout = Duration.FromSeconds(1),
            Payload = UdpPingWire.Length,
            Dscp = 0,
        };
        return new ProbeSeries(id, new ProbeDefinition(server, server, check));
    }

    /// <summary>One answer; and, on average, one probe sent.</summary>
    public void Exchange()
    {
        (NodeEndpoint Target, ulong Sequence) sent;
        while (!_transport.Sent.TryDequeue(out sent))
        {
            SendDue();
        }

        _ = UdpPingWire.WriteResponse(_response, sent.Sequence);
        _node.OnDatagram(0, sent.Target, _response, _now + s_latency);
    }

    /// <summary>What the collector makes of it: a sample of a probe sent, and one of an answer.</summary>
    public void Collect()
    {
        _next = (_next + 1) % Count;
        _now += Duration.FromMicroseconds(25);
        _series[_next].Take(new Sample(SampleKind.ProbeSent, _next, Sample.NoInterval, default));
        _series[_next].Take(new Sample(SampleKind.ProbeAnswered, _next, s_latency, new Duration(_now.Nanoseconds)));
    }

    private void SendDue()
    {
        _now = MonoTime.Min(_node.NextWake, _now + Duration.FromMilliseconds(25));
        _node.OnLook(_now);
        while (_node.TrySendNext(_now))
        {
        }

        while (_samples.TryRead(out _))
        {
        }
    }
}
