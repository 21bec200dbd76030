using System.Text;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class ProbeRosterTests
{
    private readonly ProbeRoster _roster = new();

    [Fact]
    public void A_probe_keeps_its_number_whatever_else_changes()
    {
        _ = Apply("25ms", "a", "b", "c");
        Assert.Equal(["a=1", "b=2", "c=3"], Numbers());
        var change = Apply("25ms", "c", "x", "a");
        Assert.Equal(["c=3", "x=4", "a=1"], Numbers());
        Assert.Equal([2], change.Removed);
        Assert.Equal(2, change.Kept);
        Assert.Equal([4], change.Added.Select(p => p.Id));
        Assert.Empty(change.Changed);
        Assert.Equal("2 probes go on, 0 changed, 1 added, 1 removed", change.ToString());
    }

    [Fact]
    public void Other_packets_are_a_change_under_the_same_number()
    {
        _ = Apply("25ms", "a", "b");
        var change = Apply("30ms", "a", "b");
        Assert.Equal(["a=1", "b=2"], Numbers());
        Assert.Equal([1, 2], change.Changed.Select(p => p.Id));
        Assert.Empty(change.Added);
        Assert.Empty(change.Removed);
    }

    [Fact]
    public void What_comes_back_is_somebody_new()
    {
        _ = Apply("25ms", "a", "b");
        _ = Apply("25ms", "a");
        _ = Apply("25ms", "a", "b");
        Assert.Equal(["a=1", "b=3"], Numbers());
    }

    [Fact]
    public void Numbers_are_never_used_again_in_any_sequence_of_readings()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var (random, roster) = (new SplitMix64((ulong)seed), new ProbeRoster());
            var owners = new Dictionary<int, string>();
            var before = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < 30; i++)
            {
                string[] targets = [.. "abcdefgh".Where(_ => random.Below(2) == 0).Select(c => c.ToString())];
                var change = roster.Apply(Read($"{20 + random.Below(3)}ms", targets), "self");
                var now = roster.Probes.ToDictionary(p => p.Definition.To.Name, p => p.Id, StringComparer.Ordinal);
                Assert.Equal(targets, roster.Probes.Select(p => p.Definition.To.Name));
                Assert.All(now, p => Assert.True(!before.TryGetValue(p.Key, out var id) || id == p.Value, $"seed {seed}: {p.Key} has another number"));
                Assert.All(change.Added, p => Assert.True(owners.TryAdd(p.Id, p.Definition.To.Name), $"seed {seed}: {p.Id} is used again"));
                Assert.Equal(before.Values.Except(now.Values).Order(), change.Removed.Order());
                before = now;
            }
        }
    }

    private static Landscape Read(string interval, params string[] targets)
    {
        var text = new StringBuilder("[[group]]\nname = \"all\"\n[[server]]\nname = \"self\"\nip = \"192.0.2.250\"\n");
        foreach (var target in targets)
        {
            text.Append($"[[server]]\nname = \"{target}\"\nip = \"192.0.2.{(int)target[0]}\"\ngroups = [\"all\"]\n");
        }

        text.Append($"[[check]]\nfrom = \"self\"\nto = \"all\"\ncheck = \"udp_ping\"\ninterval = \"{interval}\"\n");
        var read = LandscapeReader.Read(Encoding.UTF8.GetBytes(text.ToString()), "mesh.toml");
        Assert.True(read.Value is not null, string.Join('\n', read.Errors));
        return read.Value;
    }

    private RosterChange Apply(string interval, params string[] targets) => _roster.Apply(Read(interval, targets), "self");

    private IEnumerable<string> Numbers() => _roster.Probes.Select(p => $"{p.Definition.To.Name}={p.Id}");
}
