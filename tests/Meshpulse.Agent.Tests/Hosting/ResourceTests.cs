using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>What the whole process holds, so that no other test may run meanwhile.</summary>
[Collection(nameof(ResourceTests))]
[CollectionDefinition(nameof(ResourceTests), DisableParallelization = true)]
public class ResourceTests
{
    private const long MaxGrowth = 16 * 1024 * 1024;
    private static readonly string[] Names = ["probing", "collector", "reflector"];

    [Fact]
    public async Task Attacks_of_all_kinds_leave_no_descriptor_thread_or_memory_behind()
    {
        // Once before, so that what the runtime itself makes on first use is there.
        await AttackAsync();
        var (descriptors, threads) = (CountDescriptors(), CountThreads());
        await AttackAsync();
        await Eventually.TrueAsync(() => CountDescriptors() <= descriptors, () => $"{CountDescriptors()} descriptors, at first {descriptors}");
        await Eventually.TrueAsync(() => CountThreads() <= threads, () => $"{CountThreads()} threads of agents, at first {threads}");
    }

    private static async Task AttackAsync()
    {
        await using var mesh = await TestMesh.StartAsync(2);
        // A thread takes its name as it begins: the reflectors' may not have come round to it yet.
        var threads = mesh.Agents.Count * Names.Length;
        await Eventually.TrueAsync(() => CountThreads() == threads, () => $"{CountThreads()} threads of agents");
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var seed = Random.Shared.Next();
        var random = new SplitMix64((ulong)seed);
        for (var i = 0; i < 600; i++)
        {
            using var peer = await RawPeer.CallAsync(mesh.Victim.Self, LoopbackAddresses.Next().ToIPAddress());
            Misbehave(peer, i % 6, random);
            Assert.Equal(threads, CountThreads());
        }

        Assert.True(mesh.Victim.Counters.Refused.Sum() > 100, $"seed {seed}: {mesh}");
        await mesh.AssertUnharmedAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, MaxGrowth);
    }

    private static void Misbehave(RawPeer peer, int how, SplitMix64 random)
    {
        if (how > 2)
        {
            peer.Hello(LoopbackAddresses.Next());
        }

        switch (how)
        {
            case 0 or 3:
                peer.Send([0x7f, (byte)random.Next(), 0, 0]);
                break;
            case 1 or 4:
                peer.Send([0, 0, 4]);
                break;
            case 2:
                peer.Reset();
                break;
            default:
                peer.Ping(long.MaxValue, LoopbackAddresses.Next(), LoopbackAddresses.Next());
                peer.ShutdownSend();
                break;
        }
    }

    private static int CountDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    /// <summary>The agents' own threads by their names, /proc/PID/task/TID/comm: the runtime's come and go as they like.</summary>
    private static int CountThreads() => Directory.GetDirectories("/proc/self/task").Count(task =>
    {
        try
        {
            return File.ReadAllText(task + "/comm").Trim() is var name && Names.Contains(name);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
