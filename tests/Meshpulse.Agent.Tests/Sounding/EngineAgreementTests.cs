using Meshpulse.Agent.Sounding;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Sounding;

/// <summary>Two engines that share nothing below the sessions, before one reflector that keeps to a script: they must count the same.</summary>
public sealed class EngineAgreementTests
{
    [Fact]
    public async Task Both_engines_find_what_the_script_did()
    {
        var truth = new SoundingCounts(60, 54, 0, 3, 3, 0, 1, 1);
        Assert.Equal(truth, (await SoundAsync(portable: false, flows: 1)).Counts);
        Assert.Equal(truth, (await SoundAsync(portable: true, flows: 1)).Counts);
    }

    [Fact]
    public async Task Both_engines_agree_on_every_flow()
    {
        var kernel = await SoundAsync(portable: false, flows: 4);
        var portable = await SoundAsync(portable: true, flows: 4);
        Assert.Equal(kernel.Flows.Select(f => f.Counts), portable.Flows.Select(f => f.Counts));
        Assert.Equal((6, 1), (portable.Counts.Lost, portable.Counts.Duplicates));
        Assert.Equal(4, portable.Flows.Select(f => f.SourcePort).Distinct().Count());
    }

    [Fact]
    public async Task The_portable_engine_says_that_its_times_are_its_own()
    {
        var result = await SoundAsync(portable: true, flows: 1);
        Assert.Equal(new SoundingStamps(0, 54, 0, 54, 0), result.Stamps);
        Assert.Equal(("user", "user"), (result.Stamps.Send, result.Stamps.Receive));
        Assert.True(result.Offset.Contains(Duration.Zero), $"{result.Offset}");
        Assert.NotNull(result.Forward);
    }

    [Fact]
    public async Task Where_nobody_listens_the_portable_engine_says_so_and_ends()
    {
        var target = NodeEndpoint.FromBytes([127, 0, 0, 1], Ports.Next());
        using var run = new SoundingRun(new SoundingOptions
        {
            Target = target,
            Count = 20,
            Interval = Duration.FromMilliseconds(1),
            Timeout = Duration.FromMilliseconds(50),
            Portable = true,
        });
        var result = await run.RunAsync(CancellationToken.None);
        // A port that is closed says so at once; that errors of earlier packets fail later sends would show as unsent ones.
        Assert.Equal(new SoundingCounts(20, 0, 0, 0, 0, 20, 0, 0), result.Counts);
        Assert.Equal("Connection refused", result.LastError);
    }

    [Fact]
    public async Task A_stop_ends_the_portable_engines_waiting()
    {
        using var reflector = new TestReflector(Plain).Start();
        using var stop = new CancellationTokenSource();
        // An hour to the second packet: only the stop ends this.
        using var run = new SoundingRun(new SoundingOptions { Target = reflector.Endpoint, Interval = Duration.FromSeconds(3_600), Portable = true });
        var end = run.RunAsync(stop.Token);
        Assert.True(SpinWait.SpinUntil(() => reflector.Seen == 1, TimeSpan.FromSeconds(60)));
        await stop.CancelAsync();
        Assert.Equal(1, (await end).Counts.Answered);
    }

    private static StampResponder Plain() => new(new StampResponderOptions(), 1);

    private static Fate Script(long number) => number switch
    {
        5 or 6 or 20 => Fate.LoseForward,
        10 or 30 or 31 => Fate.LoseBackward,
        40 => Fate.AnswerTwice,
        45 => Fate.AnswerBehindNext,
        _ => Fate.Answer,
    };

    private static async Task<SoundingResult> SoundAsync(bool portable, int flows)
    {
        using var reflector = new TestReflector(Plain) { Script = Script }.Start();
        using var run = new SoundingRun(new SoundingOptions
        {
            Target = reflector.Endpoint,
            Count = 60,
            Flows = flows,
            Interval = Duration.FromMilliseconds(1),
            // Where something is lost, the run waits as long for it.
            Timeout = Duration.FromSeconds(5),
            Portable = portable,
        });
        var result = await run.RunAsync(CancellationToken.None);
        Assert.Equal((60, 0), (reflector.Seen, result.Refused));
        return result;
    }
}
