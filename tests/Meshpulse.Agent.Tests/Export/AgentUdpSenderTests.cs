using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Export;
using Meshpulse.Wire.AgentUdp;

namespace Meshpulse.Agent.Tests.Export;

public sealed class AgentUdpSenderTests : IDisposable
{
    private readonly Socket _agent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };

    public AgentUdpSenderTests() => _agent.Bind(new IPEndPoint(IPAddress.Loopback, Ports.Next()));

    public void Dispose() => _agent.Dispose();

    [Fact]
    public void Three_values_per_pair_are_sent()
    {
        using var sender = Sender();

        sender.Send([new("local", "fail", 161, 160), new("local", "other", 0, 0)], isMaintenance: false);

        Assert.Equal(
            [
                "Peak 160 mehsh.loss", "Sum 161 mehsh.sendloss.local", "Sum 161 mehsh.recvloss.fail",
                "Peak 0 mehsh.loss", "Sum 0 mehsh.sendloss.local", "Sum 0 mehsh.recvloss.other",
            ],
            Receive(6));
        Assert.Equal((6, 0), (sender.Sent, sender.Errors));
    }

    [Fact]
    public void Sums_count_every_loss_once()
    {
        using var sender = Sender();
        foreach (var total in new long[] { 10, 15, 15, 14, 20 })
        {
            sender.Send([new("a", "b", total, 7)], isMaintenance: false);
        }

        // From 15 to 14 a late answer came: nothing new was lost, and the next sum counts from 14.
        Assert.Equal([10, 5, 0, 0, 6], Sums(Receive(15)));
    }

    [Fact]
    public void In_maintenance_everything_is_zero_and_stays_untold()
    {
        using var sender = Sender();
        sender.Send([new("a", "b", 10, 10)], isMaintenance: false);
        sender.Send([new("a", "b", 500, 490)], isMaintenance: true);
        sender.Send([new("a", "b", 503, 200)], isMaintenance: false);

        var received = Receive(9);
        Assert.Equal([10, 0, 3], Sums(received));
        Assert.Equal("Peak 0 mehsh.loss", received[3]);
    }

    [Fact]
    public void A_pair_that_left_is_forgotten()
    {
        using var sender = Sender();
        sender.Send([new("a", "b", 10, 0), new("a", "c", 1, 0)], isMaintenance: false);
        sender.Send([new("a", "c", 1, 0)], isMaintenance: false);
        sender.Send([new("a", "b", 2, 0), new("a", "c", 1, 0)], isMaintenance: false);

        Assert.Equal([10, 1, 0, 2, 0], Sums(Receive(15)));
    }

    [Fact]
    public void Nobody_listening_is_counted_and_nothing_else()
    {
        using var sender = Sender();
        var there = (IPEndPoint)_agent.LocalEndPoint!;
        _agent.Close();

        for (var report = 0; report < 10; report++)
        {
            sender.Send([new("a", "b", report, 0)], isMaintenance: false);
        }

        Assert.InRange(sender.Errors, 1, 30);
        using var returned = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        returned.Bind(there);
        sender.Send([new("a", "b", 12, 5)], isMaintenance: false);
        Assert.Equal(["Peak 5 mehsh.loss", "Sum 3 mehsh.sendloss.a", "Sum 3 mehsh.recvloss.b"], Receive(3, returned));
    }

    [Fact]
    public void An_agent_that_does_not_read_blocks_nobody()
    {
        using var sender = Sender();
        _agent.ReceiveBufferSize = 2048;
        var losses = Enumerable.Range(0, 2000).Select(i => new AgentLoss("a", new string('b', 250) + i, i, i)).ToList();

        for (var report = 0; report < 10; report++)
        {
            sender.Send(losses, isMaintenance: false);
        }

        Assert.Equal(60_000, sender.Sent + sender.Errors);
    }

    [Fact]
    public void IPv6_will_do()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        using var agent = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        agent.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        using var sender = new AgentUdpSender((IPEndPoint)agent.LocalEndPoint!);

        sender.Send([new("a", "b", 1, 2)], isMaintenance: false);

        Assert.Equal("Peak 2 mehsh.loss", Receive(3, agent)[0]);
        Assert.Equal("127.0.0.1:1113", AgentUdpSender.DefaultEndPoint.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_thousand_pairs_to_nobody_are_counted_and_hold_up_nothing(string address)
    {
        var nobody = Nobody(IPAddress.Parse(address));
        using var sender = new AgentUdpSender(nobody);
        var losses = Enumerable.Range(0, 1000).Select(i => new AgentLoss("a", $"b{i}", i, i)).ToList();

        for (var report = 0; report < 5; report++)
        {
            sender.Send(losses, isMaintenance: false);
        }

        // Each value is sent once, and once more where the kernel first told of the one before; the last telling may still be under way.
        Assert.InRange(sender.Sent, 14_000, 15_000);
        Assert.InRange(sender.Errors, 1, 15_000 + (15_000 - sender.Sent));
    }

    [Fact]
    public void After_disposal_sending_is_an_error_that_is_counted()
    {
        var sender = Sender();
        sender.Dispose();
        sender.Send([new("a", "b", 1, 2)], isMaintenance: false);
        Assert.Equal((0, 3), (sender.Sent, sender.Errors));
    }

    private static IEnumerable<int> Sums(List<string> received) => received.Where(r => r.Contains(" mehsh.recvloss.", StringComparison.Ordinal)).Select(r => int.Parse(r.Split(' ')[1]));

    private static IPEndPoint Nobody(IPAddress address)
    {
        Assert.SkipUnless(address.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "no IPv6 here");
        return new IPEndPoint(address, Ports.Next());
    }

    private AgentUdpSender Sender() => new((IPEndPoint)_agent.LocalEndPoint!);

    private List<string> Receive(int count, Socket? agent = null)
    {
        var buffer = new byte[1500];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var length = (agent ?? _agent).Receive(buffer);
            Assert.True(AgentDatagram.TryRead(buffer.AsSpan(0, length), out var kind, out var value, out var name));
            return $"{kind} {value} {name}";
        })];
    }
}
