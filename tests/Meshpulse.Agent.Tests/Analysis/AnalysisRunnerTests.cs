using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Time;
using static Meshpulse.Agent.Tests.Analysis.Definitions;

namespace Meshpulse.Agent.Tests.Analysis;

public class AnalysisRunnerTests
{
    private static readonly LossWindow Loss = new(161, 200, Duration.FromSeconds(5));

    [Fact]
    public async Task What_the_gate_refuses_does_not_start()
    {
        var definition = Of("echo text");
        await using var fixture = new RunnerFixture(null, definition, Of("true", to: "local"));

        fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(19));
        fixture.Runner.Offer(definition.Pair, Loss with { Loss = 19 }, isMaintenance: false, At(100));
        fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: true, At(100));
        fixture.Runner.Offer(new ServerPair("local", "local"), Loss, isMaintenance: false, At(100));
        fixture.Runner.Offer(new ServerPair("local", "unheard of"), Loss, isMaintenance: false, At(100));

        Assert.Equal(default, fixture.Runner.Counts);
        Assert.False(fixture.TryLine(out _));
    }

    [Fact]
    public async Task In_the_pause_it_is_skipped_and_said_once()
    {
        var definition = Of("true");
        await using var fixture = new RunnerFixture(null, definition);
        fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(100));
        await fixture.LinesOfRunAsync();
        await AnalysisRunTests.IdleAsync(fixture);

        fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(101));
        fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(102));

        Assert.Equal("analysis mtr - skip already runned", await fixture.LineAsync());
        Assert.False(fixture.TryLine(out _));
        fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(220));
        Assert.Equal("preparing analysis mtr from: local to: fail", await fixture.LineAsync());
    }

    [Fact]
    public async Task A_verdict_starts_it_whatever_the_loss_and_its_ports_are_in_the_environment()
    {
        var definition = Of("echo $MESHPULSE_VERDICT on $MESHPULSE_SOURCE_PORTS") with { MinLoss = 0 };
        await using var fixture = new RunnerFixture(null, definition);
        var cause = new VerdictCause(Core.Diagnosis.VerdictKind.PathFlowLoss, [40_001, 40_002]);

        fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(100));
        fixture.Runner.Offer(definition.Key, cause, isMaintenance: true, At(100));
        fixture.Runner.Offer(new AnalysisKey("unheard of", definition.Pair), cause, isMaintenance: false, At(100));
        Assert.Equal(default, fixture.Runner.Counts);

        fixture.Runner.Offer(definition.Key, cause, isMaintenance: false, At(100));
        var report = File.ReadAllText(RunnerFixture.ReportOf(await fixture.LinesOfRunAsync()));
        Assert.Contains("\npath.flow_loss on 40001,40002\n", report, StringComparison.Ordinal);
        Assert.Contains(": verdict path.flow_loss, source ports 40001,40002\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_of_one_second_have_two_reports()
    {
        var (a, b) = (Of("echo a"), Of("echo b", from: "other"));
        await using var fixture = new RunnerFixture(null, a, b);
        fixture.Offer(a);
        var first = RunnerFixture.ReportOf(await fixture.LinesOfRunAsync());
        fixture.Offer(b);
        var second = RunnerFixture.ReportOf(await fixture.LinesOfRunAsync());

        Assert.NotEqual(first, second);
        Assert.Contains("\na\n", File.ReadAllText(first), StringComparison.Ordinal);
        Assert.Contains("\nb\n", File.ReadAllText(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Not_more_run_at_once_than_may()
    {
        var all = Enumerable.Range(0, 5).Select(i => Of("echo ready; sleep 1000", to: $"s{i}")).ToArray();
        await using var fixture = new RunnerFixture(s => s with { MaxRunning = 2 }, all);
        foreach (var definition in all)
        {
            fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(100));
        }

        Assert.Equal(new AnalysisCounts(2, 2, 0), fixture.Runner.Counts);
        Assert.Equal("analysis mtr - waits: 2 analyses are running already", await fixture.LineAsync(" - waits"));
    }

    [Fact]
    public async Task After_an_update_the_new_definitions_count_and_runs_go_on()
    {
        var definition = Of("echo leader $$; sleep 1000");
        await using var fixture = new RunnerFixture(null, definition);
        fixture.Offer(definition);
        await fixture.LineAsync(" - output: leader");

        fixture.Runner.Update(fixture.Settings, [Of("echo second", name: "second")], At(3000));
        fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(3020));

        await fixture.LineAsync("analysis second - wrote report");
        Assert.Equal((1, 2), (fixture.Runner.Counts.Running, fixture.Runner.Counts.Started));
    }

    [Fact]
    public async Task After_an_update_the_new_settings_hold_for_what_starts_then()
    {
        var (running, waiting) = (Of("echo ready; sleep 1000", to: "first"), Of("head -c 2000 /dev/zero | tr '\\0' x; sleep 1000", to: "second"));
        await using var fixture = new RunnerFixture(s => s with { MaxRunning = 1 }, running, waiting);
        fixture.Offer(running);
        await fixture.LineAsync(" started");
        fixture.Offer(waiting);
        Assert.Equal("analysis mtr - waits: 1 analyses are running already", await fixture.LineAsync(" - waits"));

        var changed = fixture.Settings with { MaxRunning = 2, Directory = Path.Combine(fixture.Folder, "elsewhere"), MaxOutputBytes = 1024 };
        fixture.Runner.Update(changed, [running, waiting], At(5000));
        fixture.Offer(waiting);

        Assert.Contains("ended after 1024 bytes of output", await fixture.LineAsync("failed"), StringComparison.Ordinal);
        Assert.Contains($"wrote report to {changed.Directory}/mtr/second/", await fixture.LineAsync("wrote report"), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(fixture.Settings.Directory, "mtr", "first")));
    }

    [Fact]
    public async Task Disposal_ends_every_group_and_says_so()
    {
        var all = Enumerable.Range(0, 3).Select(i => Of("(trap '' TERM; sleep 1000) & echo leader $$; wait", to: $"s{i}")).ToArray();
        await using var fixture = new RunnerFixture(null, all);
        var leaders = new List<int>();
        foreach (var definition in all)
        {
            fixture.Offer(definition);
            leaders.Add(AnalysisRunTests.Leader([await fixture.LineAsync(" - output: leader")]));
        }

        Assert.All(leaders, leader => Assert.NotEmpty(AnalysisRunTests.Living(leader)));

        await fixture.Runner.DisposeAsync().AsTask().WaitAsync(RunnerFixture.Hang);
        await fixture.Runner.DisposeAsync();

        Assert.Equal("analysis tool failed with exit code 143 (the agent stops)", await fixture.LineAsync("failed"));
        foreach (var leader in leaders)
        {
            await AnalysisRunTests.GoneAsync(leader);
        }

        fixture.Offer(all[0]);
        Assert.Equal(new AnalysisCounts(0, 3, 3), await AnalysisRunTests.IdleAsync(fixture));
    }

    [Fact]
    public async Task What_is_offered_from_several_threads_starts_once()
    {
        var definition = Of("true");
        await using var fixture = new RunnerFixture(null, definition);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                fixture.Runner.Offer(definition.Pair, Loss, isMaintenance: false, At(100));
            }
        })));

        Assert.Equal(1, fixture.Runner.Counts.Started);
    }
}
