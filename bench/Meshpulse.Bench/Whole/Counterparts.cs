using System.Text.Json;

namespace Meshpulse.Bench.Whole;

/// <summary>The peers of the node under test: bench/c/peers.c on the other processor.</summary>
internal sealed class Counterparts : IDisposable
{
    private readonly Child _child;

    private Counterparts(Child child) => _child = child;

    /// <summary>Begins, and waits until all are connected.</summary>
    public static async Task<Counterparts> StartAsync(BenchOptions options, int peers, int intervalMicroseconds)
    {
        var child = new Child(Ports.OtherProcessor, options.Native("peers"), Ports.Address, $"{Ports.Mesh}", $"{peers}", $"{intervalMicroseconds}");
        var line = await child.Output.ReadLineAsync();
        return line is "connected"
            ? new Counterparts(child)
            : throw new InvalidOperationException($"The peers could not connect: {line}");
    }

    /// <summary>What they sent and received so far.</summary>
    public async Task<PeerCounts> ReadAsync()
    {
        await _child.Input.WriteLineAsync();
        await _child.Input.FlushAsync();
        var line = await _child.Output.ReadLineAsync() ?? throw new InvalidOperationException("The peers ended.");
        using var json = JsonDocument.Parse(line);
        return new PeerCounts(
            json.RootElement.GetProperty("at_ns").GetInt64(),
            json.RootElement.GetProperty("sent").GetInt64(),
            json.RootElement.GetProperty("received").GetInt64());
    }

    public void Dispose() => _child.Dispose();
}
