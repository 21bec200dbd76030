using System.Diagnostics;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Fleet;

/// <summary>An agent of which so many read the dashboard's stream while it is measured, compressed as browsers have it.</summary>
internal sealed class WatchedContender(BenchOptions options, int intervalMicroseconds, int viewers) : AgentContender(options, intervalMicroseconds)
{
    private static readonly Uri s_stream = new($"http://{Ports.Address}:{Ports.Metrics}/api/v1/stream");

    // A viewer's first seconds are of the whole matrix, and of everybody being asked at once.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new();
    private readonly List<Task> _readers = [];
    private long _bytes;
    private long _began;

    /// <summary>What the stream brought each viewer.</summary>
    public double BytesPerSecond { get; private set; }

    public override async Task BeginAsync()
    {
        for (var i = 0; i < viewers; i++)
        {
            _readers.Add(ReadAsync());
        }

        await Task.Delay(s_settling);
        Interlocked.Exchange(ref _bytes, 0);
        _began = Stopwatch.GetTimestamp();
    }

    public override async Task<OwnFigures> EndAsync()
    {
        BytesPerSecond = viewers == 0 ? 0 : Interlocked.Read(ref _bytes) / Stopwatch.GetElapsedTime(_began).TotalSeconds / viewers;
        await _stop.CancelAsync();
        await Task.WhenAll(_readers);
        Child.Signal("TERM");
        return default;
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, s_stream);
            request.Headers.AcceptEncoding.ParseAdd("gzip, br");
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            answer.EnsureSuccessStatusCode();
            await using var stream = await answer.Content.ReadAsStreamAsync(_stop.Token);
            int count;
            while ((count = await stream.ReadAsync(buffer, _stop.Token)) > 0)
            {
                Interlocked.Add(ref _bytes, count);
            }

            throw new InvalidOperationException("The agent ended the stream.");
        }
        catch (OperationCanceledException)
        {
            // The turn is over.
        }
    }
}
