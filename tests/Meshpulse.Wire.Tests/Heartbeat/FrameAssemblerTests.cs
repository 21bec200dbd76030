using System.Buffers.Binary;
using Meshpulse.Wire.Heartbeat;

namespace Meshpulse.Wire.Tests.Heartbeat;

public class FrameAssemblerTests
{
    [Fact]
    public void However_a_stream_is_cut_the_same_frames_come_out()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bodies = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Bytes(random, random.Next(1, 1025))).ToList();
            var stream = bodies.SelectMany(Frame).ToArray();
            var read = new List<byte[]>();
            var assembler = new FrameAssembler();
            for (var at = 0; at < stream.Length;)
            {
                var size = Math.Min(stream.Length - at, random.Next(5) == 0 ? random.Next(1, 5) : random.Next(1, 3000));
                var error = Feed(assembler, stream.AsSpan(at, size), read);
                Assert.True(error == FrameError.None, $"seed {seed}: {error}");
                at += size;
            }

            Assert.True(bodies.Count == read.Count && bodies.Zip(read).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), $"seed {seed}");
            Assert.False(assembler.HasPartialFrame, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    [InlineData(0x7fffffff)]
    [InlineData(int.MinValue)]
    public void A_length_out_of_range_is_refused_however_it_arrives(int length)
    {
        var prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, length);

        Assert.Equal(FrameError.LengthOutOfRange, Feed(new FrameAssembler(), prefix, []));

        var slow = new FrameAssembler();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(FrameError.None, Feed(slow, prefix.AsSpan(i, 1), []));
        }

        Assert.True(slow.HasPartialFrame);
        Assert.Equal(FrameError.LengthOutOfRange, Feed(slow, prefix.AsSpan(3, 1), []));
    }

    [Fact]
    public void Whole_frames_are_handed_out_without_a_copy_or_an_allocation()
    {
        var stream = Enumerable.Repeat(Frame(new byte[8]), 50).SelectMany(f => f).ToArray();
        var assembler = new FrameAssembler();
        Drain(assembler, stream);

        var frames = 0;
        Assert.Equal(0, Allocations.Least(() => frames += Drain(assembler, stream)));
        Assert.Equal(150, frames);
    }

    [Fact]
    public void Random_bytes_end_in_frames_or_an_error_and_hold_at_most_one_frame()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var assembler = new FrameAssembler();
            var error = FrameError.None;
            for (var i = 0; i < 20 && error == FrameError.None; i++)
            {
                var bytes = Bytes(random, random.Next(0, 40));
                if (bytes.Length > 3 && random.Next(2) == 0)
                {
                    bytes[0] = bytes[1] = 0;
                }

                error = Feed(assembler, bytes, []);
            }

            Assert.True(error is FrameError.None or FrameError.LengthOutOfRange, $"seed {seed}: {error}");
        }
    }

    private static int Drain(FrameAssembler assembler, ReadOnlySpan<byte> input)
    {
        var count = 0;
        while (assembler.TryNext(ref input, out _, out _))
        {
            count++;
        }

        return count;
    }

    private static FrameError Feed(FrameAssembler assembler, ReadOnlySpan<byte> input, List<byte[]> bodies)
    {
        FrameError error;
        while (assembler.TryNext(ref input, out var body, out error))
        {
            bodies.Add(body.ToArray());
        }

        Assert.True(error != FrameError.None || input.IsEmpty);
        return error;
    }

    private static byte[] Frame(byte[] body)
    {
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
