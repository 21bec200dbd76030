using System.Buffers.Binary;
using System.IO.Compression;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class HdrEncodingTests
{
    // Cookie, payload length, offset, digits, lowest, highest, ratio; then the counts:
    // 0 at 0, 1 at 1, 2 at 2, a run of 3,295 zeros, 1 at 3,298 (5,000 has 2 * 1,024 + 1,250).
    private const string GoldenPlain =
        "1C849313" + "00000006" + "00000000" + "00000003" + "0000000000000001" + "000000141DD76000" + "3FF0000000000000" + "000204BD3302";

    private const string GoldenEmpty =
        "1C849313" + "00000001" + "00000000" + "00000003" + "0000000000000001" + "000000141DD76000" + "3FF0000000000000" + "00";

    private static readonly byte[] Valid = HdrEncoding.Encode(new HdrHistogram().Record([1, 2, 2, 5_000]));

    public static TheoryData<ulong> Seeds => Samples.Seeds;

    [Fact]
    public void Bytes_are_the_golden_ones()
    {
        Assert.Equal(GoldenPlain, Convert.ToHexString(Valid));
        Assert.Equal(GoldenEmpty, Convert.ToHexString(HdrEncoding.Encode(new HdrHistogram())));
        Assert.Equal(
            [new HdrBucket(1, 1, 1), new HdrBucket(2, 2, 2), new HdrBucket(5_000, 5_003, 1)],
            HdrEncoding.Decode(Convert.FromHexString(GoldenPlain)).Buckets);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_was_encoded_is_decoded(ulong seed)
    {
        var geometry = new HdrGeometry(long.MaxValue, (int)(seed % 4), seed % 2 == 0 ? 1 : 512);
        var h = new HdrHistogram(geometry).Record(Samples.Draw(seed, long.MaxValue));
        h.Record(3, (long)(new SplitMix64(seed).Next() >> (int)(seed * 2)) & long.MaxValue >> 1);
        foreach (var decoded in (HdrHistogram[])[HdrEncoding.Decode(HdrEncoding.Encode(h)), HdrEncoding.DecodeCompressed(HdrEncoding.EncodeCompressed(h))])
        {
            Assert.Equal(h.Geometry, decoded.Geometry);
            Assert.Equal(h.Buckets, decoded.Buckets);
            Assert.Equal((h.TotalCount, h.Min, h.Max), (decoded.TotalCount, decoded.ExactMin, decoded.ExactMax));
        }
    }

    [Theory]
    [InlineData(0, "1C849310", "V2")]
    [InlineData(0, "1C849308", "V2")]
    [InlineData(0, "0C72124E", "doubles")]
    [InlineData(4, "00000007", "announces")]
    [InlineData(4, "00000005", "announces")]
    [InlineData(4, "FFFFFFFF", "out of range")]
    [InlineData(4, "7FFFFFFF", "out of range")]
    [InlineData(12, "00000006", "digits")]
    [InlineData(12, "FFFFFFFF", "digits")]
    [InlineData(16, "0000000000000000", "digits")]
    [InlineData(16, "8000000000000000", "digits")]
    [InlineData(24, "FFFFFFFFFFFFFFFF", "digits")]
    [InlineData(24, "0000000000000001", "digits")]
    [InlineData(24, "0000000000000002", "layout")]
    [InlineData(40, "000204BD33FF", "within a count")]
    [InlineData(40, "FFFFFFFFFF7F", "layout")]
    public void A_field_that_cannot_be_is_named(int offset, string hex, string reason)
    {
        var bytes = Valid.ToArray();
        Convert.FromHexString(hex).CopyTo(bytes, offset);
        Assert.Contains(reason, Assert.Throws<FormatException>(() => HdrEncoding.Decode(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sum_of_counts_beyond_63_bits_is_refused()
    {
        // Twice 2^62, each in nine bytes: zigzag 2^63, whose ninth byte has eight bits.
        byte[] count = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80];
        byte[] bytes = [.. Valid.AsSpan(0, 40), .. count, .. count];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), 18);
        Assert.Contains("2^63", Assert.Throws<FormatException>(() => HdrEncoding.Decode(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Mutated_bytes_give_a_histogram_or_a_format_error(ulong seed)
    {
        var random = new SplitMix64(seed);
        var h = new HdrHistogram().Record(Samples.Draw(seed));
        var (plain, compressed) = (HdrEncoding.Encode(h), HdrEncoding.EncodeCompressed(h));
        for (var i = 0; i < 300; i++)
        {
            Survives(Mutate(plain, random), HdrEncoding.Decode);
            Survives(Mutate(compressed, random), HdrEncoding.DecodeCompressed);
            Survives(Compress(Mutate(plain, random)), HdrEncoding.DecodeCompressed);

            // A valid header makes sure that random counts are reached.
            byte[] noise = [.. plain.AsSpan(0, 40), .. Enumerable.Range(0, random.Below(200)).Select(_ => (byte)random.Next())];
            BinaryPrimitives.WriteInt32BigEndian(noise.AsSpan(4), noise.Length - 40);
            Survives(noise, HdrEncoding.Decode);
            Survives(noise.AsSpan(40).ToArray(), HdrEncoding.Decode);
        }
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var compressed = HdrEncoding.EncodeCompressed(HdrEncoding.Decode(Valid));
        for (var i = 0; i < compressed.Length; i++)
        {
            Assert.Throws<FormatException>(() => HdrEncoding.Decode(Valid.AsSpan(0, Math.Min(i, Valid.Length - 1))));
            var cut = compressed[..i];
            Assert.Throws<FormatException>(() => HdrEncoding.DecodeCompressed(cut));
            if (i >= 8)
            {
                BinaryPrimitives.WriteInt32BigEndian(cut.AsSpan(4), i - 8);
                Assert.Throws<FormatException>(() => HdrEncoding.DecodeCompressed(cut));
            }
        }
    }

    [Fact]
    public void A_bomb_is_refused_before_it_is_unpacked()
    {
        var honestLength = new byte[64 << 20];
        Valid.AsSpan(0, 40).CopyTo(honestLength);
        BinaryPrimitives.WriteInt32BigEndian(honestLength.AsSpan(4), honestLength.Length - 40);
        var shortLength = honestLength.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(shortLength.AsSpan(4), 6);
        foreach (var bomb in (byte[][])[Compress(honestLength), Compress(shortLength)])
        {
            Assert.InRange(Allocations.Least(() => Assert.Throws<FormatException>(() => HdrEncoding.DecodeCompressed(bomb))), 0, 1 << 20);
        }
    }

    private static void Survives(byte[] bytes, Func<ReadOnlySpan<byte>, HdrHistogram> decode)
    {
        HdrHistogram h;
        try
        {
            h = decode(bytes);
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
            return;
        }

        Assert.Equal(h.TotalCount, h.Buckets.Sum(b => b.Count));
        Assert.Equal(h.Contents(), HdrEncoding.Decode(HdrEncoding.Encode(h)).Contents());
    }

    private static byte[] Mutate(byte[] valid, SplitMix64 random)
    {
        byte[] bytes = random.Below(4) switch
        {
            0 => valid[..random.Below(valid.Length)],
            1 => [.. valid, (byte)random.Next()],
            _ => [.. valid],
        };
        for (var flips = random.Below(4); flips > 0 && bytes.Length > 0; flips--)
        {
            bytes[random.Below(random.Below(2) == 0 ? bytes.Length : Math.Min(bytes.Length, 48))] ^= (byte)(1 << random.Below(8));
        }

        return bytes;
    }

    private static byte[] Compress(byte[] plain)
    {
        using var stream = new MemoryStream();
        stream.Write([0x1C, 0x84, 0x93, 0x14, 0, 0, 0, 0]);
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(plain);
        }

        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), bytes.Length - 8);
        return bytes;
    }
}
