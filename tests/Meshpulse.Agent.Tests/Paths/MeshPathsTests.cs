using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Paths;

/// <summary>Whole agents of the mesh, who probe each other by STAMP; and who does not speak it.</summary>
public sealed class MeshPathsTests
{
    // Heartbeats come every 10 ms; a first question comes within 1.1 s of joining.
    private const int SeveralSeconds = 400;

    private static readonly string[] s_directions = ["forward", "backward", "unknown"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Peers_probe_each_other_and_lose_nothing_until_one_leaves_with_its_series(bool v6)
    {
        var (first, second) = v6 ? (LoopbackAddresses.NextV6(), LoopbackAddresses.NextV6()) : (LoopbackAddresses.Next(), LoopbackAddresses.Next());
        await using var stays = await TestAgent.StartAsync(TestAgent.Defaults(first));
        var leaves = await TestAgent.StartAsync(TestAgent.Defaults(second), first);
        try
        {
            var (there, here) = (new Scrape(stays, v6 ? second.ToString() : second.AddressText), new Scrape(leaves, v6 ? first.ToString() : first.AddressText));
            await Eventually.TrueAsync(() => there.Of("answered_total") > 80 && here.Of("answered_total") > 80, () => $"{stays} {leaves}");
            foreach (var scrape in new[] { there, here })
            {
                scrape.Read();
                Assert.All(s_directions, direction => Assert.Equal(0, scrape.Of("lost", ("direction", direction))));
                Assert.Equal((0, 0, 9), (scrape.Of("strays_total"), scrape.Of("flows_dead"), scrape.Of("flows")));
                Assert.Equal((255, 255), (scrape.Of("hop_limit", ("direction", "forward")), scrape.Of("hop_limit", ("direction", "backward"))));
                // Those of large packets are no delays, and of each flow one may still wait for the kernel's word on when it left.
                Assert.True(scrape.Of("round_trip_seconds_count") > 30 && scrape.Of("stamps_total", ("stamp", "send_kernel")) > 30, scrape.ToString());
                Assert.True(scrape.Of("clock_offset_seconds", ("bound", "low")) <= scrape.Of("clock_offset_seconds", ("bound", "high")), scrape.ToString());
                Assert.Equal(1, scrape.Paths);
            }

            await leaves.DisposeAsync();
            await Eventually.TrueAsync(() => there.Of("sent_total") is null && there.Paths == 0, there.ToString);
            Assert.Empty(there.All);
        }
        finally
        {
            await leaves.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_original_is_asked_by_one_packet_a_minute_even_where_it_comes_and_goes_and_loses_nothing()
    {
        await using var agent = await TestAgent.StartAsync(TestAgent.Defaults(LoopbackAddresses.Next()));
        var at = LoopbackAddresses.Next();
        using var ear = Ear(at);
        var begin = SystemClocks.Mono();
        for (var life = 0; life < 3; life++)
        {
            using var original = new OriginalNode(at, closesDuplicates: true, 10, 500, agent.Self);
            original.Start();
            await Eventually.TrueAsync(() => agent.IsConnectedTo(at), agent.ToString);
            await Eventually.TrueAsync(() => ear.Packets >= 1, "the first question");
            var heard = agent.ReceivedFrom(at);
            await Eventually.TrueAsync(() => agent.ReceivedFrom(at) > heard + SeveralSeconds, agent.ToString);
            // One, unless the machine took minutes for this.
            Assert.InRange(ear.Packets, 1, 1 + (int)((SystemClocks.Mono() - begin).Seconds / 60));
            Assert.Equal(72, ear.Length);
            var scrape = new Scrape(agent, at.AddressText);
            scrape.Read();
            Assert.Empty(scrape.All);
            Assert.Equal(0, scrape.Paths);
            original.Dispose();
            await Eventually.TrueAsync(() => !agent.IsConnectedTo(at), agent.ToString);
        }
    }

    [Fact]
    public async Task Switched_off_nobody_is_probed_and_the_page_says_nothing_of_it()
    {
        await using var quiet = await TestAgent.StartAsync(TestAgent.Defaults(LoopbackAddresses.Next()), stamp: false);
        await using var other = await TestAgent.StartAsync(TestAgent.Defaults(LoopbackAddresses.Next()), stamp: false, quiet.Self);
        using var ear = Ear(other.Self);
        await Eventually.TrueAsync(() => quiet.ReceivedFrom(other.Self) > SeveralSeconds, quiet.ToString);
        Assert.Equal(0, ear.Packets);
        Assert.DoesNotContain("meshpulse_path", new Scrape(quiet, other.Self.AddressText).Text, StringComparison.Ordinal);
    }

    private static UdpEar Ear(NodeEndpoint at) => new(at);

    /// <summary>Counts what comes to a UDP port and answers nothing.</summary>
    private sealed class UdpEar : IDisposable
    {
        private readonly Socket _socket;
        private int _packets;

        public UdpEar(NodeEndpoint at)
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            _socket.Bind(new IPEndPoint(at.ToIPAddress(), at.Port));
        }

        public int Length { get; private set; }

        public int Packets
        {
            get
            {
                var packet = new byte[2000];
                while (_socket.Available > 0)
                {
                    Length = _socket.Receive(packet);
                    _packets++;
                }

                return _packets;
            }
        }

        public void Dispose() => _socket.Dispose();
    }

    /// <summary>What an agent's page says of the path to one peer.</summary>
    private sealed class Scrape(TestAgent agent, string target)
    {
        private ParsedExposition? _page;

        public string Text { get; private set; } = Fetch(agent);

        /// <summary>Samples of the path on the page that was read last.</summary>
        public List<ParsedExposition.Sample> All =>
            [.. _page!.Samples.Where(s => s.Name.StartsWith("meshpulse_path_", StringComparison.Ordinal) && s.Labels.GetValueOrDefault("target") == target)];

        public double Paths => _page!.Samples.Single(s => s.Name == "meshpulse_paths").Value;

        public void Read()
        {
            Text = Fetch(agent);
            _page = ParsedExposition.Read(System.Text.Encoding.UTF8.GetBytes(Text), openMetrics: false);
        }

        /// <summary>A figure of the path, read anew; null where there is none.</summary>
        public double? Of(string name, (string Name, string Value)? label = null)
        {
            Read();
            return All.SingleOrDefault(s => s.Name == $"meshpulse_path_{name}" && (label is not { } l || s.Labels[l.Name] == l.Value))?.Value;
        }

        public override string ToString() => string.Join('\n', Text.Split('\n').Where(l => l.StartsWith("meshpulse_path", StringComparison.Ordinal)));

        private static string Fetch(TestAgent agent)
        {
            using var client = new HttpClient();
            return client.GetStringAsync(new Uri($"http://127.0.0.1:{agent.MetricsPort}/metrics")).GetAwaiter().GetResult();
        }
    }
}
