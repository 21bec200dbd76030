using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Meshpulse.Agent.Fleet;
using Meshpulse.Bench.Whole;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Meshpulse.Bench.Fleet;

/// <summary>
/// Peers that tell what they see, and ask for what is seen, as agents do: one server at all their addresses, a slice of each of them every quarter of a second, a
/// connection of each of them to the agent that is measured. On the other processor.
/// </summary>
internal sealed class TellingPeers : IAsyncDisposable
{
    private const ulong Run = 7;
    private const int WaitMilliseconds = 1_000;
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<IPAddress, SliceBoard> _boards = [];
    private readonly HealthyMesh _mesh;
    private readonly WebApplication _server;
    private Task _work = Task.CompletedTask;
    private long _told;
    private long _bytes;
    private long _heard;

    private TellingPeers(int peers)
    {
        Bind($"{Ports.OtherProcessor}");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            for (var i = 0; i < peers; i++)
            {
                kestrel.Listen(PeerAddress.Of(i), Ports.Metrics);
            }
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
        for (var i = 0; i < peers; i++)
        {
            _boards.Add(PeerAddress.Of(i), new SliceBoard(NameOf(PeerAddress.Of(i)), Run));
        }

        _mesh = new HealthyMesh([$"{Ports.Address}:{Ports.Mesh}", .. _boards.Keys.Select(NameOf)]);
    }

    /// <summary>Answers with slices so far.</summary>
    public long Told => Interlocked.Read(ref _told);

    /// <summary>Their bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The agent's answers so far.</summary>
    public long Heard => Interlocked.Read(ref _heard);

    /// <summary>Begins to answer, to cut slices and to ask.</summary>
    public static async Task<TellingPeers> StartAsync(int peers)
    {
        var all = new TellingPeers(peers);
        await all._server.StartAsync();
        all._work = Task.WhenAll([all.CutAsync(), .. all._boards.Keys.Select(all.AskAsync)]);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        await _server.DisposeAsync();
        _stop.Dispose();
        Bind($"0-{Environment.ProcessorCount - 1}");
    }

    /// <summary>All threads of this program, and those that they will begin.</summary>
    private static void Bind(string processors)
    {
        using var taskset = Process.Start(new ProcessStartInfo("taskset", ["-apc", processors, $"{Environment.ProcessId}"]) { UseShellExecute = false, RedirectStandardOutput = true });
        _ = taskset!.StandardOutput.ReadToEnd();
        taskset.WaitForExit();
    }

    private static string NameOf(IPAddress address) => $"{address}:{Ports.Peers}";

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != FleetApi.SlicesPath || !_boards.TryGetValue(context.Connection.LocalIpAddress!, out var board))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var query = context.Request.Query;
        var after = long.Parse(query["after"].ToString(), CultureInfo.InvariantCulture);
        var most = int.Parse(query["most"].ToString(), CultureInfo.InvariantCulture);
        var body = await board.ReadAsync(after, query.ContainsKey("run") ? Run : null, most, TimeSpan.FromMilliseconds(WaitMilliseconds), context.RequestAborted);
        Interlocked.Increment(ref _told);
        Interlocked.Add(ref _bytes, body.Length);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Each in its own part of the quarter second, as the nodes of a mesh are not in step.</summary>
    private async Task CutAsync()
    {
        var (from, number) = (SystemClocks.Mono(), 0L);
        using var timer = new PeriodicTimer(s_slice / _boards.Count);
        var turns = _boards.Values.ToArray();
        var names = _boards.Keys.Select(NameOf).ToArray();
        var begun = names.Select(_ => from).ToArray();
        while (!_stop.IsCancellationRequested)
        {
            for (var i = 0; i < turns.Length; i++)
            {
                // What the timer missed is made up for at once: it ticks no finer than a millisecond.
                var due = from + (Duration.FromMilliseconds(250) * number) + (Duration.FromMilliseconds(250) * i / turns.Length);
                while (SystemClocks.Mono() < due && await timer.WaitForNextTickAsync())
                {
                    // Not yet.
                }

                var at = SystemClocks.Pair();
                turns[i].Publish(_mesh.Cut(names[i], Run, number + 1, begun[i], at));
                begun[i] = at.Mono;
            }

            number++;
        }
    }

    private async Task AskAsync(IPAddress from)
    {
        using var client = PeerHttp.ClientOf(new FleetReaderOptions { Port = Ports.Metrics, From = from }, 1);
        var (after, run) = ("0", "");
        try
        {
            while (true)
            {
                try
                {
                    var body = await client.GetByteArrayAsync(new Uri($"http://{Ports.Address}:{Ports.Metrics}{FleetApi.SlicesPath}?after={after}{run}&most=40&wait={WaitMilliseconds}"), _stop.Token);
                    // The first run and the last number are all that the next question needs: to read the rest is the agents' work, and this processor's are many.
                    (after, run) = (Between(body, "\"number\":"u8, last: true) ?? after, Between(body, "\"run\":\""u8, last: false) is { } told ? $"&run={told}" : run);
                    Interlocked.Increment(ref _heard);
                }
                catch (HttpRequestException)
                {
                    // It is not there yet, or no longer.
                }

                await Task.Delay(s_pace, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The turn is over.
        }
    }

    private static string? Between(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key, bool last)
    {
        var at = last ? body.LastIndexOf(key) : body.IndexOf(key);
        if (at < 0)
        {
            return null;
        }

        var value = body[(at + key.Length)..];
        return Encoding.ASCII.GetString(value[..value.IndexOfAny(",\"}"u8)]);
    }
}
