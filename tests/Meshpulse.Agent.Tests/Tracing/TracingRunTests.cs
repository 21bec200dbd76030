using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Tracing;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Tracing;

/// <summary>Loopback: a path of one hop. What lies between is in the lab's tests.</summary>
public sealed class TracingRunTests
{
    [Theory]
    [InlineData("127.0.9.81", TracingProtocol.Udp)]
    [InlineData("127.0.9.81", TracingProtocol.Icmp)]
    [InlineData("127.0.9.81", TracingProtocol.Tcp)]
    [InlineData("::1", TracingProtocol.Udp)]
    [InlineData("::1", TracingProtocol.Icmp)]
    [InlineData("::1", TracingProtocol.Tcp)]
    public async Task This_host_is_one_hop_away(string address, TracingProtocol protocol)
    {
        SkipWithout(address);
        var result = await RunAsync(Options(address, protocol));
        var hop = Assert.Single(result.Report.Hops);
        Assert.True(hop.IsDestination);
        Assert.Equal(new TraceCounts(6, 6, 0, 0, 0), hop.Counts);
        Assert.Equal(3, hop.Flows.Count);
        Assert.All(hop.Flows, f => Assert.Equal(address, Assert.Single(f.Addresses).From.AddressText));
        Assert.All(result.Report.Paths, p => Assert.Equal((1, true), (p.End, p.IsReached)));
        Assert.Equal(3, result.FlowIds.Distinct().Count());
        Assert.DoesNotContain(0, result.FlowIds);
        Assert.Equal((0L, 0L, null), (result.Refused, result.Report.Unsent, result.LastError));
        // Those beyond the end, which was not known at first, too.
        Assert.Equal(result.Report.Counts.Answered, result.KernelStamps + result.UserStamps);
    }

    [Fact]
    public async Task A_flow_keeps_its_ports_and_every_probe_its_length()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        listener.Bind(new IPEndPoint(IPAddress.Parse("127.0.9.82"), 0));
        var options = Options("127.0.9.82", TracingProtocol.Udp);
        // Nobody answers: each of two rounds asks on.
        var result = await RunAsync(options with
        {
            Target = options.Target.WithPort(((IPEndPoint)listener.LocalEndPoint!).Port),
            Trace = options.Trace with { MaxHops = 5, Timeout = Duration.FromMilliseconds(50) },
        });

        var seen = new List<(int Port, int Length)>();
        var buffer = new byte[100];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (listener.Available > 0)
        {
            var length = listener.ReceiveFrom(buffer, ref from);
            seen.Add((((IPEndPoint)from).Port, length));
        }

        Assert.Equal(30, seen.Count);
        Assert.Equal(result.FlowIds.Order(), seen.Select(s => s.Port).Distinct().Order());
        Assert.Single(seen.Select(s => s.Length).Distinct());
        Assert.Equal(new TraceCounts(30, 0, 0, 30, 0), result.Report.Counts);
        Assert.False(result.Report.IsAnswered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listener_at_the_port_is_the_target_whatever_it_says(bool echoes)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        listener.Bind(new IPEndPoint(IPAddress.Parse("127.0.9.83"), 0));
        using var stop = new CancellationTokenSource();
        var answering = AnswerAsync(listener, echoes, stop.Token);
        var options = Options("127.0.9.83", TracingProtocol.Udp);
        var result = await RunAsync(options with { Target = options.Target.WithPort(((IPEndPoint)listener.LocalEndPoint!).Port) });
        await stop.CancelAsync();
        await answering;

        Assert.True(Assert.Single(result.Report.Hops).IsDestination);
        Assert.Equal(!echoes, result.Report.IsSerial);
        Assert.Equal(0, result.Report.Counts.Lost);
    }

    [Fact]
    public async Task A_port_that_accepts_is_reached_and_its_times_are_the_kernels()
    {
        using var listener = new TcpListener(IPAddress.Parse("127.0.9.84"), 0);
        listener.Start(64);
        var options = Options("127.0.9.84", TracingProtocol.Tcp);
        var result = await RunAsync(options with { Target = options.Target.WithPort(((IPEndPoint)listener.LocalEndpoint).Port) });
        Assert.Equal(new TraceCounts(6, 6, 0, 0, 0), result.Report.Counts);
        Assert.Equal((6L, 0L), (result.KernelStamps, result.UserStamps));
    }

    [Fact]
    public async Task Where_this_host_refuses_the_trace_ends_with_the_reason()
    {
        // To all at once sends only who asks for that (SO_BROADCAST).
        var result = await RunAsync(Options("255.255.255.255", TracingProtocol.Udp));
        Assert.Equal((0L, 6L, "Permission denied"), (result.Report.Counts.Sent, result.Report.Unsent, result.LastError));
    }

    [Fact]
    public async Task A_stop_ends_what_has_no_end()
    {
        using var stop = new CancellationTokenSource();
        var options = Options("127.0.9.85", TracingProtocol.Udp);
        using var run = new TracingRun(options with { Trace = options.Trace with { Rounds = null, Interval = Duration.FromMilliseconds(20) } });
        var end = run.RunAsync(stop.Token);
        var limit = Task.Delay(TimeSpan.FromSeconds(60));
        while (run.Latest is not { Report.Rounds: >= 3 })
        {
            Assert.False(limit.IsCompleted, "no rounds within a minute");
            await Task.Yield();
        }

        await stop.CancelAsync();
        var result = await end;
        Assert.True(result.Report.Rounds >= 3);
        Assert.Equal(result.Report.Counts.Sent, result.Report.Counts.Answered);
    }

    [Fact]
    public void Tcp_has_one_probe_of_a_flow_under_way_and_gives_up_before_the_kernel_repeats()
    {
        var permitted = (Options("127.0.9.86", TracingProtocol.Tcp) with { Trace = new TraceOptions { Timeout = Duration.FromSeconds(5) } }).Permitted;
        Assert.Equal((1, Duration.FromMilliseconds(900)), (permitted.MostUnderWay, permitted.Timeout));
    }

    private static TracingOptions Options(string address, TracingProtocol protocol) => new()
    {
        Target = NodeEndpoint.From(IPAddress.Parse(address), protocol == TracingProtocol.Icmp ? 0 : Ports.Next()),
        Protocol = protocol,
        Trace = new TraceOptions { Flows = 3, Rounds = 2, Interval = Duration.FromMilliseconds(60), Timeout = Duration.FromSeconds(30) },
    };

    private static async Task<TracingResult> RunAsync(TracingOptions options)
    {
        using var run = Open(options);
        var result = await run.RunAsync(CancellationToken.None);
        var counts = result.Report.Counts;
        Assert.Equal(counts.Sent, counts.Answered + counts.Late + counts.Lost + counts.Unattributed);
        return result;
    }

    private static TracingRun Open(TracingOptions options)
    {
        try
        {
            return new TracingRun(options);
        }
        catch (TracingException e) when (options.Protocol == TracingProtocol.Icmp)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    private static void SkipWithout(string address) =>
        Assert.SkipUnless(address != "::1" || Socket.OSSupportsIPv6, "no IPv6 here");

    private static async Task AnswerAsync(Socket listener, bool echoes, CancellationToken stop)
    {
        var buffer = new byte[100];
        try
        {
            while (true)
            {
                var got = await listener.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), stop);
                var answer = echoes ? buffer.AsMemory(0, got.ReceivedBytes) : "a service of its own"u8.ToArray();
                _ = await listener.SendToAsync(answer, SocketFlags.None, got.RemoteEndPoint, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
