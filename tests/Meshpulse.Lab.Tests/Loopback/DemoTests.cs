using System.Text.RegularExpressions;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>The demonstration as a whole program.</summary>
public sealed partial class DemoTests
{
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Three_faults_are_played_and_named_by_those_who_saw_them()
    {
        await using var demo = await NodeProcess.StartAsync(["demo"]);
        // It plays round after round: on a machine that is busy with something else a fault may be nobody's to tell from that.
        foreach (var kind in (string[])["host.frozen", "host.process_gone", "host.restarted", "host.left"])
        {
            await UntilNamedAsync(demo, kind);
        }

        demo.Send(Signal.Interrupt);
        Assert.Equal(0, await demo.ExitAsync());
        Assert.Equal("", demo.Error.Text);
        Assert.Equal("demo | stopped; nothing is left behind", demo.Output.Lines[^1]);
    }

    /// <summary>At least two others said so, and what they said is there, with their evidence.</summary>
    private static async Task UntilNamedAsync(NodeProcess demo, string kind)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Naming(demo.Output.Lines, kind) is null)
        {
            Assert.False(demo.HasExited, $"it ended:\n{demo.Output.Text}{demo.Error.Text}");
            Assert.True(TimeProvider.System.GetElapsedTime(began) < s_hang, $"{kind} is not named by two in:\n{demo.Output.Text}");
            await Task.Delay(100);
        }
    }

    private static string? Naming(IReadOnlyList<string> lines, string kind)
    {
        for (var i = 0; i + 2 < lines.Count; i++)
        {
            var named = Named().Match(lines[i]);
            if (named.Success && named.Groups["kind"].Value == kind)
            {
                var told = $": {kind} {named.Groups["host"].Value} since ";
                var observers = lines.Skip(i + 1).Where(l => l.StartsWith("demo |   ", StringComparison.Ordinal)).Take(2).ToList();
                if (observers.Count == 2 && observers.All(l => l.Contains(told, StringComparison.Ordinal) && l.Contains(" % sure: ", StringComparison.Ordinal)))
                {
                    return lines[i];
                }
            }
        }

        return null;
    }

    [GeneratedRegex(@"^demo \| (?<kind>host\.[a-z_]+) (?<host>[0-9.]+): named by [2-4] of 4 others, the first after \d+\.\d\d s, the last after \d+\.\d\d s$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Named();
}
