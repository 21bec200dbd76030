using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class SendStampIdsTests
{
    [Fact]
    public void Without_failures_the_kernels_ids_are_ours()
    {
        var ids = new SendStampIds();
        for (var i = 0u; i < 100; i++)
        {
            Assert.Equal(i, ids.Next);
            ids.Sent();
            Assert.Equal(i, Resolve(ids, i, i));
        }

        Assert.Null(Resolve(ids, 100, 100));
    }

    [Fact]
    public void Stamps_from_before_a_failure_are_told_by_their_time()
    {
        var ids = new SendStampIds();
        ids.Sent();
        ids.Sent();
        ids.Restart(new WallTime(10));
        ids.Restart(new WallTime(12));
        Assert.Equal(2u, ids.Next);
        ids.Sent();
        Assert.Equal(0u, Resolve(ids, 0, 5));
        Assert.Equal(1u, Resolve(ids, 1, 6));
        Assert.Equal(2u, Resolve(ids, 0, 13));
        // No such send in either generation: a kernel that counts failures, or a clock that stepped.
        Assert.Null(Resolve(ids, 2, 6));
        Assert.Null(Resolve(ids, 1, 13));
    }

    [Fact]
    public void More_generations_than_are_remembered_are_not_guessed_at()
    {
        var ids = new SendStampIds();
        for (var i = 0; i < SendStampIds.Remembered + 5; i++)
        {
            ids.Sent();
            ids.Restart(new WallTime(10 * (i + 1)));
        }

        Assert.Null(Resolve(ids, 0, 5));
        // Of the newest generation nothing was sent yet; the one before holds the last send.
        Assert.Equal(ids.Next - 1, Resolve(ids, 0, (10 * (SendStampIds.Remembered + 5)) - 5));
        Assert.Equal(7u, Resolve(ids, 0, 75));
    }

    private static uint? Resolve(SendStampIds ids, uint kernelId, long time) =>
        ids.TryResolve(kernelId, new WallTime(time), out var id) ? id : null;
}
