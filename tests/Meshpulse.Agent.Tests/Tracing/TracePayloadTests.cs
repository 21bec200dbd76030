using System.Buffers.Binary;
using Meshpulse.Agent.Tracing;

namespace Meshpulse.Agent.Tests.Tracing;

public sealed class TracePayloadTests
{
    private static readonly TracePayload s_payload = new([1, 2, 3, 4, 5, 6, 7, 8]);

    [Theory]
    [InlineData(1)]
    [InlineData(0x1234)]
    [InlineData(65_535)]
    public void What_comes_back_names_its_probe_as_soon_as_the_id_is_there(int id)
    {
        var bytes = Written(id);
        for (var quoted = 0; quoted <= bytes.Length; quoted++)
        {
            Assert.True(s_payload.TryRead(bytes.AsSpan(0, quoted), out var read));
            Assert.Equal(quoted < 4 ? null : id, read);
        }

        // Padding of the network's behind it.
        Assert.True(s_payload.TryRead([.. bytes, 0, 0], out var padded));
        Assert.Equal(id, padded);
    }

    [Fact]
    public void Any_changed_byte_makes_it_somebody_elses()
    {
        for (var i = 0; i < TracePayload.Length; i++)
        {
            var bytes = Written(7);
            bytes[i] ^= 0x10;
            Assert.False(s_payload.TryRead(bytes, out _), $"byte {i}");
        }
    }

    [Fact]
    public void The_checksum_is_the_same_for_every_id()
    {
        Assert.Single(Enumerable.Range(1, 65_535).Select(id => Sum(Written(id))).Distinct());
        static int Sum(byte[] bytes)
        {
            var sum = 0;
            for (var i = 0; i < bytes.Length; i += 2)
            {
                sum += BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(i));
            }

            return (sum & 0xffff) + (sum >> 16);
        }
    }

    private static byte[] Written(int id)
    {
        var bytes = new byte[TracePayload.Length];
        s_payload.Write(bytes, id);
        return bytes;
    }
}
