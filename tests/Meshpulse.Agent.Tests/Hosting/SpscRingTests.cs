using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class SpscRingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_behaves_as_a_bounded_queue(ulong seed)
    {
        var random = new SplitMix64(seed);
        var ring = new SpscRing<long>(5);
        var model = new Queue<long>();
        var dropped = 0L;
        for (var i = 0L; i < 50_000; i++)
        {
            if (random.Below(2) == 0)
            {
                ring.Write(i);
                if (model.Count < 8)
                {
                    model.Enqueue(i);
                }
                else
                {
                    dropped++;
                }
            }
            else
            {
                var found = ring.TryRead(out var item);
                Assert.Equal(model.TryDequeue(out var expected), found);
                Assert.Equal(expected, item);
            }

            Assert.True(ring.Dropped == dropped, $"seed {seed}, round {i}");
        }

        Assert.True(dropped > 0);
    }

    [Fact]
    public void What_is_written_sparingly_leaves_half_of_the_room()
    {
        var ring = new SpscRing<int>(8);
        for (var i = 0; i < 6; i++)
        {
            ring.WriteSparingly(i);
        }

        Assert.Equal(2, ring.Dropped);
        for (var i = 10; i < 15; i++)
        {
            ring.Write(i);
        }

        Assert.Equal(3, ring.Dropped);
        var read = new List<int>();
        while (ring.TryRead(out var item))
        {
            read.Add(item);
        }

        Assert.Equal([0, 1, 2, 3, 10, 11, 12, 13], read);
    }

    [Fact]
    public void What_was_read_is_let_go()
    {
        var ring = new SpscRing<object?>(1);
        var held = Fill(ring);
        GC.Collect();
        Assert.False(held.IsAlive);
        Assert.False(ring.TryRead(out _));

        static WeakReference Fill(SpscRing<object?> ring)
        {
            var item = new object();
            ring.Write(item);
            Assert.True(ring.TryRead(out var same));
            Assert.Same(item, same);
            return new WeakReference(item);
        }
    }

    /// <summary>Nothing is lost, doubled, torn or out of order between two threads, but for what was counted as dropped.</summary>
    [Fact]
    public async Task Two_threads_lose_only_what_is_counted()
    {
        const long Items = 500_000;
        var ring = new SpscRing<(long Value, long Twice, long Negative)>(256);
        var writer = Task.Run(() =>
        {
            for (var i = 1L; i <= Items; i++)
            {
                ring.Write((i, 2 * i, -i));
            }
        });

        var (read, last) = (0L, 0L);
        while (true)
        {
            var isOver = writer.IsCompleted;
            while (ring.TryRead(out var item))
            {
                Assert.True(item.Value > last && item.Twice == 2 * item.Value && item.Negative == -item.Value, $"{item} after {last}");
                (read, last) = (read + 1, item.Value);
            }

            if (isOver)
            {
                break;
            }
        }

        await writer;
        Assert.Equal(Items, read + ring.Dropped);
    }
}
