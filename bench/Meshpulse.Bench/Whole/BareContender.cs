using System.Text.Json;

namespace Meshpulse.Bench.Whole;

/// <summary>bench/c/heartbeat.c: the same system calls and nothing else.</summary>
internal sealed class BareContender(BenchOptions options, int intervalMicroseconds)
    : Contender(new Child(Ports.NodeProcessor, options.Native("heartbeat"), Ports.Address, $"{Ports.Mesh}", $"{intervalMicroseconds}"))
{
    public override string Name => "C";

    public override Task WaitAsync() => Task.Delay(200);

    public override Task BeginAsync()
    {
        Child.Signal("USR1");
        return Task.CompletedTask;
    }

    public override async Task<OwnFigures> EndAsync()
    {
        using var json = JsonDocument.Parse(await Child.EndAsync());
        double Figure(string name) => json.RootElement.GetProperty(name).GetDouble();
        return new OwnFigures(Figure("late_p50_us"), Figure("late_p99_us"), Figure("late_p999_us"), 0);
    }
}
