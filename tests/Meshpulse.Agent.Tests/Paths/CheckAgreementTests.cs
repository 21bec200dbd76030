using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Agent.Tests.Sounding;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Tests.Paths;

/// <summary>A whole agent with the kernel's sockets and one with the runtime's, before reflectors that keep to one script: they must count the same.</summary>
public sealed class CheckAgreementTests
{
    private const int Scripted = 400;

    [Fact]
    public async Task Both_kinds_of_sockets_count_the_same_to_the_packet()
    {
        var counts = await Task.WhenAll(CountAsync(portable: false), CountAsync(portable: true));
        Assert.All(counts, c => Assert.Equal((Scripted - 6L, 3L, 3L, 1L, 1L), (c.Answered, c.LostForward, c.LostBackward, c.Duplicates, c.Reordered)));
        // All else that was sent came after the script's end, where nobody answers.
        Assert.All(counts, c => Assert.True(c is { Late: 0, Strays: 0, Corrupted: 0, LostUnknown: > 0 } && c.Sent >= Scripted + c.LostUnknown, $"{c}"));
    }

    private static Fate Script(long number) => number switch
    {
        5 or 6 or 20 or >= Scripted => Fate.LoseForward,
        10 or 30 or 31 => Fate.LoseBackward,
        40 => Fate.AnswerTwice,
        45 => Fate.AnswerBehindNext,
        _ => Fate.Answer,
    };

    private static async Task<PathCounts> CountAsync(bool portable)
    {
        using var reflector = new TestReflector(() => new StampResponder(new StampResponderOptions(), 1)) { Script = Script }.Start();
        using var file = new TestLandscape($"""
            port = 14251
            [[server]]
            name = "a"
            ip = "127.0.64.{(portable ? 2 : 1)}"
            [[server]]
            name = "b"
            ip = "127.0.0.1"
            [[check]]
            from = "a"
            to = "b"
            check = "stamp"
            port = {reflector.Endpoint.Port}
            flows = 1
            interval = "2ms"
            timeout = "5s"
            """);
        var seen = new RecordingCheckListener();
        var options = new AgentOptions { Checks = file.Setup("a", seen), Stamp = false, PortablePaths = portable, Version = "0.0.0-test" };
        await using var agent = await ProbeAgent.StartAsync(options, CancellationToken.None);
        var (counts, stamps) = (default(PathCounts), default(StampCounts));
        await Eventually.TrueAsync(
            () =>
            {
                agent.Collector.Hold(_ =>
                {
                    var series = agent.Checks!.Book.Paths!.Series.Values.Single();
                    (counts, stamps) = (series.Counts, series.Stamps);
                });
                return counts.LostUnknown > 0;
            },
            () => $"portable {portable}: {counts}, {string.Join('\n', seen.Notes)}");
        // By our own readings of the clock alone, or by the kernel's.
        Assert.Equal(portable, stamps.Receive == 0);
        return counts;
    }
}
