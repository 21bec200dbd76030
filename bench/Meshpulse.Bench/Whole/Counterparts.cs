using System.Text.Json;

namespace Meshpulse.Bench.Whole;

/// <summary>A program of bench/c on the other processor that counts what goes between it and the node under test.</summary>
internal sealed class Counterparts : IDisposable
{
    private readonly Child _child;

    private Counterparts(Child child) => _child = child;

    /// <summary>The peers of a heartbeat node, at the port that they say is theirs; waits until all are connected.</summary>
    public static Task<Counterparts> StartAsync(BenchOptions options, int peers, int intervalMicroseconds, int port = Ports.Mesh) =>
        StartAsync(options.Native("peers"), Ports.Address, $"{Ports.Mesh}", $"{peers}", $"{intervalMicroseconds}", $"{port}");

    /// <summary>Begins any of them, and waits until it is ready.</summary>
    public static async Task<Counterparts> StartAsync(string program, params string[] arguments)
    {
        var child = new Child(Ports.OtherProcessor, program, arguments);
        if (await child.Output.ReadLineAsync() is "ready")
        {
            return new Counterparts(child);
        }

        child.Dispose();
        throw new InvalidOperationException($"{program} did not become ready.");
    }

    /// <summary>What they sent and received so far.</summary>
    public async Task<PeerCounts> ReadAsync()
    {
        await _child.Input.WriteLineAsync();
        await _child.Input.FlushAsync();
        var line = await _child.Output.ReadLineAsync() ?? throw new InvalidOperationException("The counterparts ended.");
        using var json = JsonDocument.Parse(line);
        return new PeerCounts(
            json.RootElement.GetProperty("at_ns").GetInt64(),
            json.RootElement.GetProperty("sent").GetInt64(),
            json.RootElement.GetProperty("received").GetInt64(),
            json.RootElement.TryGetProperty("dropped", out var dropped) ? dropped.GetInt64() : 0);
    }

    public void Dispose() => _child.Dispose();
}
