using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

/// <summary>
/// A network that does whatever it likes: calls in any order, bytes of any kind, time jumps of hours on both clocks. The node
/// must not throw, must keep its books, and must still be a working node afterwards.
/// </summary>
public sealed class MeshNodeFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Any_sequence_of_calls_leaves_a_working_node(ulong seed)
    {
        var network = new Network(seed);
        for (var i = 0; i < 6_000; i++)
        {
            try
            {
                network.Step();
                network.Check();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, step {i}: {e.Message}", e);
            }
        }

        network.CheckThatItStillWorks();
    }

    private sealed class Network
    {
        private readonly SplitMix64 _random;
        private readonly NodeBench _bench;
        private readonly int _lastId = 40;
        private long _heartbeats;

        public Network(ulong seed)
        {
            _random = new SplitMix64(seed);
            var options = new MeshOptions { Self = Nodes.Self, MaxPeers = 8, MaxPending = 10, MaxPendingPerAddress = 4, MaxLearnedPerNamer = 20, MaxLearned = 60 };
            _bench = new NodeBench(options, seed) { Transport = { KeepsFrames = false } };
            _bench.Node.AddServer(null, Nodes.Of(1));
            _bench.Node.AddServer(null, Nodes.Self);
            _bench.Node.AddServer("a.example", Nodes.Of(0));
            _bench.Transport.Answer = _ => _random.Below(30) switch
            {
                0 => SendOutcome.Broken,
                < 4 => SendOutcome.Backpressure,
                _ => SendOutcome.Sent,
            };
        }

        public void Step()
        {
            switch (_random.Below(16))
            {
                case < 2:
                    _bench.Accept(AnyNode().WithPort(_random.Below(65_536)));
                    break;
                case 2:
                    _bench.Node.OnConnected(AnyId(), AnyNode().WithPort(_random.Below(65_536)), _bench.Now);
                    break;
                case 3:
                    _bench.Node.OnDialFailed(AnyId(), (DialFailure)_random.Below(5), _bench.Now);
                    break;
                case 4:
                    _bench.Node.OnClosed(AnyId(), (CloseReason)_random.Below(4), _bench.Now);
                    break;
                case 5:
                    _bench.Node.OnResolved(_random.Below(6) - 1, [.. Enumerable.Range(0, _random.Below(3)).Select(_ => AnyNode())], _bench.Now);
                    break;
                case < 10:
                    Receive();
                    break;
                case 10:
                    Jump();
                    break;
                default:
                    _bench.Advance(new Duration(_random.Below(20_000_000)));
                    _bench.Turn();
                    Assert.True(_bench.Node.NextWake > _bench.Mono, "would spin");
                    break;
            }
        }

        public void Check()
        {
            var (node, counters) = (_bench.Node, _bench.Node.Counters);
            Assert.Equal(_bench.Transport.Open.Count, node.ConnectionCount);
            Assert.Equal(counters.Connects - counters.Disconnects, node.PeerCount);
            Assert.Equal(node.PeerCount, node.ConnectedPeers.Count());
            Assert.True(node.PeerCount <= _bench.Options.MaxPeers && node.ConnectionCount <= _bench.Options.MaxConnections + _bench.Options.MaxDialsInFlight);
            Assert.True(counters.HeartbeatsReceived >= _heartbeats && counters.DialFailures <= counters.Dials);
            Assert.Equal(counters.Dials, _bench.Transport.Dials.Count);
            Assert.All(counters.Refused, count => Assert.True(count >= 0));
            Assert.Equal(0, counters.Refused[(int)RefusalReason.None]);
            Assert.DoesNotContain(_bench.Options.Self, node.ConnectedPeers.Select(p => p.Node));
            _heartbeats = counters.HeartbeatsReceived;
            if (_bench.Observer.Events.Count + _bench.Observer.Received.Count > 10_000)
            {
                _bench.Observer.Forget();
            }
        }

        /// <summary>All connections end: no place and no number may have been lost on the way.</summary>
        public void CheckThatItStillWorks()
        {
            _bench.Transport.Answer = _ => SendOutcome.Sent;
            foreach (var id in _bench.Transport.Open.ToArray())
            {
                _bench.Node.OnClosed(id, CloseReason.Reset, _bench.Now);
            }

            Assert.Equal((0, 0), (_bench.Node.ConnectionCount, _bench.Node.PeerCount));
            for (var i = 0; i < _bench.Options.MaxPending; i++)
            {
                Assert.True(_bench.Accept(Nodes.Of(1_000 + i)) >= 0, $"place {i} was lost");
            }

            Assert.Equal(-1, _bench.Accept(Nodes.Of(2_000)));
            _bench.RunFor(Duration.FromSeconds(6));
            for (var i = 0; i < _bench.Options.MaxPeers; i++)
            {
                _bench.Join(Nodes.Of(3_000 + i));
            }

            Assert.Equal(_bench.Options.MaxPeers, _bench.Node.PeerCount);
        }

        private void Receive()
        {
            var id = AnyId();
            byte[] data = _random.Below(8) switch
            {
                0 => RandomBytes(_random.Below(40)),
                1 or 2 => NodeBench.Hello(AnyNode()),
                3 => [.. NodeBench.Hello(AnyNode()), .. AnyPing(), .. AnyPing()],
                4 => AnyPing()[..(1 + _random.Below(11))],
                5 => [.. AnyPing(), .. AnyPing(), .. RandomBytes(_random.Below(3))],
                _ => AnyPing(),
            };
            var arrived = _bench.Mono - new Duration(_random.Below(5_000_000));
            var looked = arrived - new Duration(_random.Below(50_000_000));
            _bench.Node.OnReceived(id, data, new ReadMoment(looked, arrived, _bench.Now.Wall, StampSource.Kernel), _bench.Now);
        }

        private void Jump()
        {
            switch (_random.Below(20))
            {
                case 0:
                    _bench.Advance(Duration.FromSeconds(_random.Below(20_000)));
                    break;
                case 1:
                    _bench.WallOffset += Duration.FromSeconds(_random.Below(20_000) - 10_000);
                    break;
                default:
                    _bench.Advance(Duration.FromMilliseconds(_random.Below(3_000)));
                    break;
            }
        }

        private byte[] AnyPing()
        {
            var stamp = _random.Below(4) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => _bench.Now.Wall.Microseconds };
            return NodeBench.Ping(stamp, [.. Enumerable.Range(0, _random.Below(4) * _random.Below(5)).Select(_ => AnyNode())]);
        }

        private int AnyId() => _random.Below(20) == 0 || _bench.Transport.Open.Count == 0
            ? _random.Below(_lastId) - 2
            : _bench.Transport.Open.ElementAt(_random.Below(_bench.Transport.Open.Count));

        private NodeEndpoint AnyNode() => _random.Below(20) switch
        {
            0 => Nodes.Self,
            1 => default,
            2 => NodeEndpoint.FromBytes(RandomBytes(16), _random.Below(65_536)),
            3 => NodeEndpoint.FromBytes(RandomBytes(4), _random.Below(65_536)),
            < 12 => Nodes.Higher(_random.Below(12)),
            _ => Nodes.Of(_random.Below(12)),
        };

        private byte[] RandomBytes(int count)
        {
            var bytes = new byte[count];
            for (var i = 0; i < count; i++)
            {
                bytes[i] = (byte)_random.Below(_random.Below(2) == 0 ? 256 : 3);
            }

            return bytes;
        }
    }
}
