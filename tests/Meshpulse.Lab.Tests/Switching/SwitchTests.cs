using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Core.Time;
using Meshpulse.Lab.Processes;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Lab.Switching;

/// <summary>The switch does what its faults say, and its books agree with what came.</summary>
public sealed class SwitchTests
{
    private const int Port = 5_555;
    private const ulong Seed = 20_260_726;

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public async Task Without_faults_all_arrives_in_its_order(AddressFamily family)
    {
        using var lab = await SwitchLab.CreateAsync(2);
        var numbers = await SendAsync(lab, 200, family);
        Assert.Equal(Enumerable.Range(0, 200), numbers);
        Assert.Equal(new FlowCount(200, 200, 0, 0, 0), Count(lab));
        Assert.Equal(default, lab.Wire(lab.Hosts[1], lab.Hosts[0]).Count(Port));
    }

    [Fact]
    public async Task Hosts_that_nobody_told_find_each_other_and_use_tcp()
    {
        using var lab = await SwitchLab.CreateAsync(3);
        var (a, b) = (lab.Hosts[0], lab.Hosts[2]);
        await a.Network.MustAsync(["ip", "neigh", "del", $"{b.V4}", "dev", "eth0"]);
        using var listener = await b.Network.InsideAsync(() =>
        {
            var made = new TcpListener(b.V4, Port);
            made.Start();
            return made;
        });
        await using var stream = await a.Network.ConnectAsync(new IPEndPoint(b.V4, Port));
        using var accepted = await listener.AcceptTcpClientAsync();
        // More than a frame, in both directions.
        var sent = new byte[100_000];
        new Random(1).NextBytes(sent);
        await Task.WhenAll(stream.WriteAsync(sent).AsTask(), Task.Run(async () =>
        {
            var came = new byte[sent.Length];
            await accepted.GetStream().ReadExactlyAsync(came).AsTask().WaitAsync(Until.Hang);
            Assert.Equal(sent, came);
        }));
    }

    [Fact]
    public async Task Loss_is_exactly_what_was_picked_and_in_one_direction()
    {
        using var lab = await SwitchLab.CreateAsync(2);
        var chance = Pick.Chance(0.2, Seed);
        var pick = Pick.Every(10).Or(Pick.First(3)).Or(Pick.Numbers(50, 52)).Or(chance.Between(100, 200));
        Wire(lab).Set(Fault.OfPort(Port) with { Drop = pick });
        var numbers = await SendAsync(lab, 300);
        var expected = Enumerable.Range(0, 300).Where(n =>
            n % 10 != 9 && n >= 3 && n is not (50 or 52) && (n is < 100 or >= 200 || Pick.Draw(Seed, n) >= 0.2)).ToList();
        Assert.Equal(expected, numbers);
        Assert.Equal(new FlowCount(300, expected.Count, 300 - expected.Count, 0, 0), Count(lab));
        // The same faults again count from 0, whatever went through before; and the way back has none.
        Assert.Equal(Enumerable.Range(0, 20), await SendAsync(lab, 20, back: true));
        Wire(lab).Set();
        Assert.Equal(Enumerable.Range(0, 20), await SendAsync(lab, 20));
    }

    [Fact]
    public async Task Chance_is_as_often_as_asked_and_the_same_for_a_seed()
    {
        using var lab = await SwitchLab.CreateAsync(2);
        Wire(lab).Set(Fault.OfPort(Port) with { Drop = Pick.Chance(0.1, Seed) });
        var first = await SendAsync(lab, 3_000);
        var lost = Count(lab).Dropped;
        // Four standard deviations.
        Assert.InRange(lost, 300 - 66, 300 + 66);
        Wire(lab).Set(Fault.OfPort(Port) with { Drop = Pick.Chance(0.1, Seed) });
        Assert.Equal(first, await SendAsync(lab, 3_000));
        Assert.Equal(2 * lost, Count(lab).Dropped);
    }

    [Fact]
    public async Task Copies_come_behind_the_first()
    {
        using var lab = await SwitchLab.CreateAsync(2);
        Wire(lab).Set(Fault.OfPort(Port) with { Duplicate = Pick.Every(4) });
        Assert.Equal(Enumerable.Range(0, 40).SelectMany(n => n % 4 == 3 ? new[] { n, n } : [n]), await SendAsync(lab, 40));
        Assert.Equal(new FlowCount(40, 40, 0, 10, 0), Count(lab));
    }

    [Fact]
    public async Task Those_that_are_held_up_are_overtaken()
    {
        using var lab = await SwitchLab.CreateAsync(2);
        Wire(lab).Set(Fault.OfPort(Port) with { Hold = Pick.Numbers(10, 11, 30), HoldFor = Duration.FromSeconds(1) });
        var numbers = await SendAsync(lab, 100);
        int[] held = [10, 11, 30];
        Assert.Equal([.. Enumerable.Range(0, 100).Except(held), .. held], numbers);
        Assert.Equal(new FlowCount(100, 100, 0, 0, 3), Count(lab));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Jitter_keeps_the_order_unless_told_otherwise(bool overtakes)
    {
        using var lab = await SwitchLab.CreateAsync(2);
        Wire(lab).Set(Fault.OfPort(Port) with { Jitter = Duration.FromMilliseconds(200), Overtakes = overtakes, Seed = Seed });
        var numbers = await SendAsync(lab, 100);
        Assert.Equal(overtakes, !numbers.SequenceEqual(numbers.Order()));
        Assert.Equal(Enumerable.Range(0, 100), numbers.Order());
        // By the definition, over what came.
        var reordered = numbers.Where((number, at) => numbers.Take(at).Any(before => before > number)).Count();
        Assert.Equal(new FlowCount(100, 100, 0, 0, reordered), Count(lab));
    }

    [Fact]
    public async Task Nothing_comes_before_its_delay_and_delays_add_up()
    {
        using var lab = await SwitchLab.CreateAsync(2);
        Wire(lab).Set(
            new Fault { Delay = Duration.FromMilliseconds(500) },
            Fault.OfPort(Port) with { Delay = Duration.FromMilliseconds(400) },
            Fault.OfPort(Port + 1) with { Delay = Duration.FromSeconds(100) });
        var began = SystemClocks.Mono();
        Assert.Equal([0], await SendAsync(lab, 1));
        Assert.True(SystemClocks.Mono() - began >= Duration.FromMilliseconds(900), "it came too early");
    }

    [Fact]
    public async Task A_flow_can_be_lost_alone_and_come_back()
    {
        using var lab = await SwitchLab.CreateAsync(2);
        Wire(lab).Set(new Fault { Of = frame => frame.SourcePort == 7_001, Drop = Pick.All });
        Assert.Equal(Enumerable.Range(0, 10), await SendAsync(lab, 10, source: 7_000));
        Assert.Empty(await SendAsync(lab, 10, source: 7_001));
        Wire(lab).Set();
        Assert.Equal(Enumerable.Range(0, 10), await SendAsync(lab, 10, source: 7_001));
        Assert.Equal(new FlowCount(20, 10, 10, 0, 0), Wire(lab).Flows[(7_001, Port)]);
        Assert.Equal(new FlowCount(10, 10, 0, 0, 0), Wire(lab).Flows[(7_000, Port)]);
    }

    [Fact]
    public async Task Large_packets_can_be_lost_alone()
    {
        using var lab = await SwitchLab.CreateAsync(2);
        Wire(lab).Set(new Fault { Drop = Pick.LongerThan(1_400) });
        // 20 bytes of IPv4, 8 of UDP.
        Assert.Single(await SendAsync(lab, 1, bytes: 1_372));
        Assert.Empty(await SendAsync(lab, 1, bytes: 1_373));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork, "ip")]
    [InlineData(AddressFamily.InterNetworkV6, "ip6")]
    public async Task A_mark_arrives_in_a_valid_packet(AddressFamily family, string table)
    {
        using var lab = await SwitchLab.CreateAsync(2);
        // Only what is marked is let in, and a header whose checksum is wrong would not get that far.
        await lab.Hosts[1].DropAsync($"{table} dscp != 46 udp dport {Port}");
        Assert.Empty(await SendAsync(lab, 3, family, forwarded: false));
        Wire(lab).Set(Fault.OfPort(Port) with { Dscp = 46 });
        Assert.Equal([0, 1, 2], await SendAsync(lab, 3, family));
    }

    [Fact]
    public async Task A_fault_that_throws_is_told()
    {
        using var lab = await SwitchLab.CreateAsync(2);
        Wire(lab).Set(new Fault { Of = frame => frame.DestinationPort == Port ? throw new FormatException("as a test") : false });
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(lab, 1));
        Assert.IsType<FormatException>(thrown.InnerException);
    }

    private static SwitchWire Wire(SwitchLab lab) => lab.Wire(lab.Hosts[0], lab.Hosts[1]);

    private static FlowCount Count(SwitchLab lab) => Wire(lab).Count(Port);

    /// <summary>Sends numbered datagrams from the first host to the second, or back; gives the numbers that came, as they came.</summary>
    private static async Task<IReadOnlyList<int>> SendAsync(
        SwitchLab lab,
        int count,
        AddressFamily family = AddressFamily.InterNetwork,
        bool back = false,
        int source = 0,
        int bytes = sizeof(int),
        bool forwarded = true)
    {
        var (from, to) = back ? (lab.Hosts[1], lab.Hosts[0]) : (lab.Hosts[0], lab.Hosts[1]);
        var isV4 = family == AddressFamily.InterNetwork;
        var target = new IPEndPoint(isV4 ? to.V4 : to.V6, Port);
        using var receiver = await to.Network.InsideAsync(() => Bound(target));
        using var sender = await from.Network.InsideAsync(() => Bound(new IPEndPoint(isV4 ? from.V4 : from.V6, source)));
        var before = lab.Wire(from, to).Count(Port);
        var numbers = new List<int>();
        // At once: what a socket holds is not much.
        var reading = ReadAsync(receiver, numbers);
        var packet = new byte[bytes];
        for (var number = 0; number < count; number++)
        {
            BinaryPrimitives.WriteInt32BigEndian(packet, number);
            await sender.SendToAsync(packet, target);
        }

        await lab.SettleAsync();
        var after = lab.Wire(from, to).Count(Port);
        var expected = forwarded ? after.Forwarded - before.Forwarded + after.Duplicated - before.Duplicated : 0;
        await Until.HoldsAsync(() => numbers.Count >= expected || reading.IsFaulted, () => $"{numbers.Count} of {expected} came\n{lab}");
        receiver.Dispose();
        await reading;
        return numbers;
    }

    private static Socket Bound(IPEndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 << 20 };
        socket.Bind(at);
        return socket;
    }

    private static async Task ReadAsync(Socket socket, List<int> numbers)
    {
        var buffer = new byte[2_048];
        try
        {
            while (true)
            {
                _ = await socket.ReceiveAsync(buffer);
                numbers.Add(BinaryPrimitives.ReadInt32BigEndian(buffer));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }
}
