using System.Text.Json;

namespace Meshpulse.Bench;

/// <summary>Every figure that was measured, in the order of measuring, for whoever wants to compute with them.</summary>
internal sealed class BenchResults
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    private readonly List<object> _figures = [];

    public void Add(object figures) => _figures.Add(figures);

    public async Task WriteAsync(string file)
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, _figures, s_json);
    }
}
