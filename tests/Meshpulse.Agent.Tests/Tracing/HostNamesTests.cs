using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Tracing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Tracing;

public sealed class HostNamesTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Asking_never_waits_and_what_was_found_stays()
    {
        var answer = new TaskCompletionSource<string?>();
        var asked = 0;
        using var names = new HostNames((_, _) =>
        {
            Interlocked.Increment(ref asked);
            return answer.Task;
        });
        Assert.Null(names.Find(Address(1)));
        answer.SetResult("one.example");
        await names.SettleAsync(s_patience);
        Assert.Equal("one.example", names.Find(Address(1)));
        Assert.Equal("one.example", names.Find(Address(1)));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task An_address_without_a_name_is_no_failure()
    {
        using var names = new HostNames((_, _) => throw new SocketException((int)SocketError.HostNotFound));
        Assert.Null(names.Find(Address(1)));
        await names.SettleAsync(s_patience);
        Assert.Null(names.Find(Address(1)));
    }

    [Fact]
    public async Task A_few_are_looked_up_at_once_and_not_more_than_a_bound_at_all()
    {
        var (running, most, asked) = (0, 0, 0);
        using var names = new HostNames(async (_, _) =>
        {
            Interlocked.Increment(ref asked);
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return "a.example";
        });
        for (var i = 0; i < 3_000; i++)
        {
            names.Find(Address(i));
        }

        await names.SettleAsync(s_patience);
        Assert.InRange(most, 1, 8);
        Assert.Equal(1_024, asked);
        Assert.Null(names.Find(Address(2_999)));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private static NodeEndpoint Address(int number) => NodeEndpoint.From(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 0);
}
