using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// The V2 encoding of the HdrHistogram family, plain and compressed, as the Java library 2.1 writes and reads it
/// (<c>encodeIntoByteBuffer</c>, <c>encodeIntoCompressedByteBuffer</c>), so that existing tools read our files.
/// <para>
/// Plain, big-endian: cookie, payload length, normalising offset, digits (int32 each), lowest, highest (int64), conversion
/// ratio (double), then the counts from index 0 to the highest hit as variable-length integers, of which a negative one
/// is a run of zeros. Compressed: another cookie, a length, and the zlib stream of the plain form. The plain form is
/// byte-identical to Java's; a zlib stream depends on the compressor's version, and only decompresses to the same.
/// </para>
/// <para>
/// Encoded histograms come from other nodes and from files: the decoder trusts no length; what it allocates and
/// the time it takes are in proportion to the plain form, and that is bounded.
/// </para>
/// </summary>
public static class HdrEncoding
{
    /// <summary>
    /// The largest plain form that is decoded, in bytes. The densest histogram of three digits over all of int64 takes half of it.
    /// </summary>
    public const int MaximumBytes = 1 << 20;

    private const uint PlainCookie = 0x1C849303;
    private const uint CompressedCookie = 0x1C849304;
    private const uint DoubleCookie = 0x0C72124E;
    private const uint CompressedDoubleCookie = 0x0C72124F;

    // The cookies' second nibble carries a word size, which V2 fixes at 1 and readers ignore.
    private const uint WordSizeNibble = 0xF0;
    private const uint V2WordSize = 0x10;
    private const int HeaderLength = 40;
    private const int CompressedHeaderLength = 8;

    /// <summary>The plain V2 form.</summary>
    public static byte[] Encode(HdrHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var writer = new ArrayBufferWriter<byte>(HeaderLength + (histogram.BucketCount * 3) + 1);
        writer.Advance(HeaderLength);
        WriteCounts(writer, histogram);

        var bytes = writer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, PlainCookie | V2WordSize);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), bytes.Length - HeaderLength);
        // Bytes 8 to 11, the normalising offset, belong to histograms that shift; ours stay at 0.
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), histogram.Geometry.SignificantDigits);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), histogram.Geometry.LowestDiscernibleValue);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(24), histogram.Geometry.HighestTrackableValue);
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(32), 1.0);
        return bytes;
    }

    /// <summary>The compressed V2 form.</summary>
    public static byte[] EncodeCompressed(HdrHistogram histogram)
    {
        using var stream = new MemoryStream();
        stream.Write(stackalloc byte[CompressedHeaderLength]);
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(Encode(histogram));
        }

        var bytes = stream.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, CompressedCookie | V2WordSize);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), bytes.Length - CompressedHeaderLength);
        return bytes;
    }

    /// <summary>Reads the plain V2 form.</summary>
    /// <exception cref="FormatException">The bytes are not exactly one valid histogram of integers, or more than <see cref="MaximumBytes"/>.</exception>
    public static HdrHistogram Decode(ReadOnlySpan<byte> bytes)
    {
        var histogram = new HdrHistogram(ReadHeader(bytes, out var payloadLength));
        if (payloadLength != bytes.Length - HeaderLength)
        {
            throw new FormatException($"The header announces {payloadLength} bytes of counts, {bytes.Length - HeaderLength} follow.");
        }

        ReadCounts(bytes[HeaderLength..], histogram);
        return histogram;
    }

    /// <summary>Reads the compressed V2 form.</summary>
    /// <exception cref="FormatException">The bytes are not exactly one valid histogram of integers, or decompress to more than <see cref="MaximumBytes"/>.</exception>
    public static HdrHistogram DecodeCompressed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < CompressedHeaderLength)
        {
            throw new FormatException("The compressed histogram ends within its header.");
        }

        ExpectCookie(bytes, CompressedCookie);
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        if (length != bytes.Length - CompressedHeaderLength)
        {
            throw new FormatException($"The header announces {length} compressed bytes, {bytes.Length - CompressedHeaderLength} follow.");
        }

        try
        {
            return Decode(Decompress(bytes[CompressedHeaderLength..].ToArray()));
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new FormatException("The compressed histogram is no valid zlib stream, or ends early.", e);
        }
    }

    private static void WriteCounts(ArrayBufferWriter<byte> writer, HdrHistogram histogram)
    {
        var next = 0;
        for (var i = 0; i < histogram.BucketCount; i++)
        {
            var bucket = histogram.BucketAt(i);
            var index = histogram.Geometry.IndexOf(bucket.Lowest);
            if (index > next)
            {
                // A single zero is written as itself, not as a run of one.
                WriteInteger(writer, index - next == 1 ? 0 : next - index);
            }

            WriteInteger(writer, bucket.Count);
            next = index + 1;
        }

        if (next == 0)
        {
            WriteInteger(writer, 0);
        }
    }

    private static void WriteInteger(ArrayBufferWriter<byte> writer, long value) =>
        writer.Advance(ZigZagLeb128.Write(writer.GetSpan(ZigZagLeb128.MaximumLength), value));

    /// <summary>The plain form's bytes: the header first, which says how many more to take.</summary>
    private static byte[] Decompress(byte[] compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var header = new byte[HeaderLength];
        zlib.ReadExactly(header);
        ReadHeader(header, out var payloadLength);

        var plain = new byte[HeaderLength + payloadLength];
        header.CopyTo(plain, 0);
        zlib.ReadExactly(plain, HeaderLength, payloadLength);
        if (zlib.ReadByte() >= 0)
        {
            throw new FormatException("More follows than the header announces.");
        }

        // ZLibStream does not mind where the stream ends within its checksum, nor what comes after it.
        return BinaryPrimitives.ReadUInt32BigEndian(compressed.AsSpan(compressed.Length - sizeof(uint))) == Adler32(plain)
            ? plain
            : throw new FormatException("The compressed histogram does not end with its checksum.");
    }

    /// <summary>The checksum at the end of a zlib stream (RFC 1950, section 2.2).</summary>
    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint Modulus = 65_521;
        var (a, b) = (1u, 0u);
        foreach (var value in bytes)
        {
            a = (a + value) % Modulus;
            b = (b + a) % Modulus;
        }

        return (b << 16) | a;
    }

    private static HdrGeometry ReadHeader(ReadOnlySpan<byte> bytes, out int payloadLength)
    {
        if (bytes.Length < HeaderLength)
        {
            throw new FormatException("The histogram ends within its header.");
        }

        ExpectCookie(bytes, PlainCookie);
        payloadLength = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        if (payloadLength is < 0 or > MaximumBytes - HeaderLength)
        {
            throw new FormatException($"A payload of {payloadLength} bytes is out of range.");
        }

        // The normalising offset (8) and the conversion ratio (32) say where a histogram of doubles stands; the counts do not depend on them.
        var digits = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]);
        var lowest = BinaryPrimitives.ReadInt64BigEndian(bytes[16..]);
        var highest = BinaryPrimitives.ReadInt64BigEndian(bytes[24..]);
        try
        {
            var geometry = new HdrGeometry(highest, digits, lowest);
            // One geometry for all that come in with the usual numbers.
            return geometry == HdrGeometry.Default ? HdrGeometry.Default : geometry;
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"No histogram has {digits} digits from {lowest} to {highest}.", e);
        }
    }

    private static void ExpectCookie(ReadOnlySpan<byte> bytes, uint expected)
    {
        var cookie = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if ((cookie & ~WordSizeNibble) != expected)
        {
            throw new FormatException(cookie is DoubleCookie or CompressedDoubleCookie
                ? "This is a histogram of doubles; only integers are supported."
                : $"The cookie 0x{cookie:x8} is not that of a V2 histogram in this form.");
        }
    }

    private static void ReadCounts(ReadOnlySpan<byte> payload, HdrHistogram histogram)
    {
        var room = histogram.Geometry.CountsLength;
        var index = 0;
        while (!payload.IsEmpty)
        {
            if (!ZigZagLeb128.TryRead(ref payload, out var count))
            {
                throw new FormatException("The histogram ends within a count.");
            }

            if (index >= room || count < index - room)
            {
                throw new FormatException($"The histogram has more than the {room} counts of its layout.");
            }

            if (count > 0 && !histogram.TryAddAt(index, count))
            {
                throw new FormatException("The counts sum to more than 2^63 - 1.");
            }

            index += count < 0 ? (int)-count : 1;
        }
    }
}
