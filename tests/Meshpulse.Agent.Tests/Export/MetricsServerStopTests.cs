using Meshpulse.Agent.Export;

namespace Meshpulse.Agent.Tests.Export;

/// <summary>Stopping ends whoever hangs, and gives the port back.</summary>
public class MetricsServerStopTests
{
    [Fact]
    public async Task Idle_connections_are_closed_and_the_port_is_free()
    {
        var port = Ports.Next();
        var options = new MetricsServerOptions { Listen = TestServers.Loopback with { Port = port }, WriteFamilies = TestServers.OneGauge };
        var server = await MetricsServer.StartAsync(options);
        using var silent = await RawConnection.OpenAsync(port);
        using var kept = await RawConnection.OpenAsync(port);
        await kept.SendAsync("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
        await kept.ReadUntilAsync("ok\n");

        await server.DisposeAsync().AsTask().WaitAsync(RawConnection.Hang);
        await server.DisposeAsync();

        Assert.Empty(await silent.ReadToEndAsync());
        Assert.Empty(await kept.ReadToEndAsync());
        await using var next = await MetricsServer.StartAsync(options);
        Assert.Equal(port, next.LocalEndPoint.Port);
    }

    [Fact]
    public async Task A_reader_that_is_stuck_is_cut_off()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await TestServers.StartAsync(w =>
        {
            TestServers.WriteMegabytes(w);
            begun.SetResult();
        });
        using var stuck = await RawConnection.OpenAsync(server.LocalEndPoint.Port, receiveBuffer: 4096);
        await stuck.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        await begun.Task.WaitAsync(RawConnection.Hang);

        await server.DisposeAsync().AsTask().WaitAsync(RawConnection.Hang);

        Assert.InRange((await stuck.ReadToEndAsync()).Length, 0, 15_000_000);
    }

    [Fact]
    public async Task A_page_that_is_never_finished_is_left_behind()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        var server = await TestServers.StartAsync(_ =>
        {
            begun.SetResult();
            release.Wait();
        });
        using var waiting = await RawConnection.OpenAsync(server.LocalEndPoint.Port);
        await waiting.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        await begun.Task.WaitAsync(RawConnection.Hang);

        await server.DisposeAsync().AsTask().WaitAsync(RawConnection.Hang);

        Assert.Empty(await waiting.ReadToEndAsync());
        release.Set();
    }
}
