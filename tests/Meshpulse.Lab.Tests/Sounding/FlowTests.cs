using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Sounding;

/// <summary>One bad flow among good ones is told by its source port.</summary>
public sealed class FlowTests
{
    [Theory]
    [InlineData(8, true)]
    [InlineData(8, false)]
    [InlineData(16, true)]
    public async Task A_flow_that_loses_everything_is_the_only_one(int flows, bool there)
    {
        await using var path = await ProbePath.CreateAsync();
        var victim = new NthFlow(ProbePath.Port, flows / 2);
        (there ? path.There : path.Back).Set(new Fault { Of = victim.Is, Drop = Pick.All });
        var summary = await path.ProbeAsync(flows * 40, 2, flows);
        Assert.Equal(flows, summary.Flows.Select(flow => flow.SourcePort).Distinct().Count());
        foreach (var flow in summary.Flows)
        {
            Assert.Equal(40, flow.Sent);
            // Nobody can know where, of a flow that no reply ever came from.
            Assert.True(flow.Losses == (0, 0, flow.SourcePort == victim.Port ? 40 : 0), path.Explain(summary));
        }
    }

    [Fact]
    public async Task A_flow_that_loses_some_is_told_with_its_direction()
    {
        await using var path = await ProbePath.CreateAsync();
        var victim = new NthFlow(ProbePath.Port, 5);
        path.There.Set(new Fault { Of = victim.Is, Drop = Pick.Every(3).Between(0, 90) });
        var summary = await path.ProbeAsync(16 * 100, 1, 16);
        foreach (var flow in summary.Flows)
        {
            Assert.True(flow.Losses == (flow.SourcePort == victim.Port ? 30 : 0, 0, 0), path.Explain(summary));
            Assert.Equal(flow.LostForward, path.There.Flows[(flow.SourcePort, ProbePath.Port)].Dropped);
        }
    }
}
