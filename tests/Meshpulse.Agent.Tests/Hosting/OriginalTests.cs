using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Real agents among originals, on real sockets.</summary>
public class OriginalTests
{
    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(2, 2, false)]
    public async Task Agents_settle_with_originals_on_one_connection_for_each_pair_and_stay_so(int ours, int theirs, bool closesDuplicates)
    {
        var all = Enumerable.Range(0, ours + theirs).Select(_ => LoopbackAddresses.Next()).ToArray();
        // In the order of identities the originals come last, first, or in the middle, as it happens.
        Random.Shared.Shuffle(all);
        var originals = all[ours..].Select(o => new OriginalNode(o, closesDuplicates, 10, 2000, theirs == 1 ? all : all[..ours])).ToList();
        var agents = new List<TestAgent>();
        try
        {
            originals.ForEach(o => o.Start());
            agents.AddRange(await Task.WhenAll(all[..ours].Select(s => TestAgent.StartAsync(TestAgent.Defaults(s), all))));
            await Eventually.TrueAsync(IsSettled, Describe);
            // A call that was under way when it looked settled has come and gone after a report of the originals.
            await HearAsync(reports: 1);
            await Eventually.TrueAsync(IsSettled, Describe);
            await AssertStaysAsync();
        }
        finally
        {
            originals.ForEach(o => o.Dispose());
            foreach (var agent in agents)
            {
                await agent.DisposeAsync();
            }
        }

        bool IsSettled() => agents.TrueForAll(a => a.Counters.Connections == all.Length - 1 && all.All(n => n == a.Self || a.IsConnectedTo(n)))
            && originals.TrueForAll(o => o.Peers.IsSupersetOf(all[..ours]));

        // Three reports of the originals, in which they call whomever they miss.
        async Task AssertStaysAsync()
        {
            var accepted = agents.ConvertAll(a => (a.Counters.Accepted, a.Counters.Disconnects));
            await HearAsync(reports: 3);
            Assert.True(IsSettled(), Describe());
            Assert.Equal(accepted, agents.ConvertAll(a => (a.Counters.Accepted, a.Counters.Disconnects)));
        }

        async Task HearAsync(int reports)
        {
            var made = originals.ConvertAll(o => o.Reports);
            await Eventually.TrueAsync(() => originals.Zip(made).All(o => o.First.Reports >= o.Second + reports), Describe);
            // And then for as long as a call may be under way.
            var heard = agents.ConvertAll(a => a.Counters.HeartbeatsReceived);
            var until = (all.Length - 1) * 50;
            await Eventually.TrueAsync(() => agents.Zip(heard).All(p => p.First.Counters.HeartbeatsReceived > p.Second + until), Describe);
        }

        string Describe() => $"{string.Join("; ", agents)}; {string.Join("; ", originals)}";
    }

    [Fact]
    public async Task Heartbeats_that_Nagles_algorithm_bunched_are_recognised()
    {
        // Our own heartbeats are rare, so that they don't bring the acknowledgements for which Nagle's algorithm waits.
        var options = TestAgent.Defaults(LoopbackAddresses.Next()) with { PingInterval = Duration.FromMilliseconds(100) };
        await using var agent = await TestAgent.StartAsync(options);
        using var nagle = new OriginalNode(LoopbackAddresses.Next(), closesDuplicates: true, 8, 2000, agent.Self);
        using var prompt = new OriginalNode(LoopbackAddresses.Next(), closesDuplicates: true, 8, 2000, agent.Self) { NoDelay = true };
        nagle.Start();
        prompt.Start();
        await Eventually.TrueAsync(() => agent.ReceivedFrom(nagle.Self) > 300 && agent.ReceivedFrom(prompt.Self) > 300, agent.ToString);

        var (bunched, alone) = (Share(nagle), Share(prompt));
        Assert.True(bunched > 0.2 && bunched > 2 * alone, $"with Nagle {bunched}, without {alone}");

        double Share(OriginalNode node) => agent.Of(node.Self, s => s.Bunched / (double)s.Received)!.Value;
    }
}
