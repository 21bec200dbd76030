using System.Text.Json;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>A program of bench/c that probes targets with the agent's system calls and nothing else.</summary>
internal abstract class BareProgram(Child child) : PingContender(child)
{
    public override string Name => "C";

    public override Task WaitAsync() => Task.Delay(200);

    public override Task BeginAsync()
    {
        Child.Signal("USR1");
        return Task.CompletedTask;
    }

    public override async Task<PingFigures> EndAsync()
    {
        using var json = JsonDocument.Parse(await Child.EndAsync());
        double Figure(string name) => json.RootElement.GetProperty(name).GetDouble();
        var lost = Math.Max(0, Figure("sent") - Figure("answered"));
        return new PingFigures(Figure("late_p50_us"), Figure("late_p99_us"), Figure("late_p999_us"), Figure("unsent"), lost, Figure("dropped"), 0, 0);
    }
}
