using System.Reflection;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Wire.Tests.Stamp;

public sealed class StampPacketTests
{
    private const long Second0 = 1_700_000_000_000_000_000;

    private static readonly StampErrorEstimate SenderError = new(0x8f84);
    private static readonly StampErrorEstimate ReflectorError = new(0x9601);

    /// <summary>V1: three requests and their replies.</summary>
    [Theory]
    [InlineData(0, 123_456_789, "00000000e8fe6f801f9add378f841234", "00000000e8fe6f802062bfb996011234e8fe6f80205f78dd00000000e8fe6f801f9add378f840000fa000000")]
    [InlineData(1, 143_456_789, "00000001e8fe6f8024b995898f841234", "00000001e8fe6f802581780b96011234e8fe6f80257e312f00000001e8fe6f8024b995898f840000fa000000")]
    [InlineData(2, 163_456_789, "00000002e8fe6f8029d84ddb8f841234", "00000002e8fe6f802aa0305d96011234e8fe6f802a9ce98000000002e8fe6f8029d84ddb8f840000fa000000")]
    public void The_unauthenticated_packets_are_golden(uint sequence, long fraction, string request, string reply)
    {
        var sent = Request(sequence, fraction, 0x1234);
        var answered = Reply(sequence, sent, fraction, 250);
        var bytes = new byte[StampWire.UnauthenticatedLength];
        Assert.Equal(44, StampWire.WriteRequest(bytes, StampMode.Unauthenticated, sent));
        Assert.Equal(request + new string('0', 56), Convert.ToHexStringLower(bytes));
        Assert.Equal(StampError.None, StampSenderView.TryCreate(bytes, StampMode.Unauthenticated, out var sender));
        Assert.Equal(sent, sender.Packet);
        Assert.False(sender.IsShort || sender.HasPaddingInBase);

        Assert.Equal(44, StampWire.WriteReply(bytes, StampMode.Unauthenticated, answered));
        Assert.Equal(reply, Convert.ToHexStringLower(bytes));
        Assert.Equal(StampError.None, StampReflectorView.TryCreate(bytes, StampMode.Unauthenticated, out var reflector));
        Assert.Equal(answered, reflector.Packet);
    }

    /// <summary>V3: TWAMP Light.</summary>
    [Fact]
    public void A_short_request_reads_with_zeros_for_what_is_missing()
    {
        var bytes = Convert.FromHexString("00000000e8fe6f801f9add373fff");
        Assert.Equal(StampError.None, StampSenderView.TryCreate(bytes, StampMode.Unauthenticated, out var view));
        Assert.Equal(Request(0, 123_456_789, 0) with { ErrorEstimate = new StampErrorEstimate(0x3fff) }, view.Packet);
        Assert.True(view.IsShort && view.Tlvs.IsEmpty && !view.HasPaddingInBase);
    }

    /// <summary>V5: the key is the bytes 00 to 1f.</summary>
    [Fact]
    public void The_authenticated_packets_are_golden_and_only_their_key_verifies_them()
    {
        const string request = "00000000000000000000000000000000e8fe6f801f9add378f841234"
            + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "2ac77b81edfac3bcdf9ea5042f7fad60";
        const string reply = "00000000000000000000000000000000e8fe6f802062bfb99601123400000000e8fe6f80205f78dd0000000000000000"
            + "00000000000000000000000000000000e8fe6f801f9add378f84000000000000ff000000000000000000000000000000"
            + "a5114647696769c134601bbb89b13b6f";
        var (sent, bytes) = (Request(0, 123_456_789, 0x1234), new byte[112]);
        Assert.Equal(112, StampWire.WriteRequest(bytes, StampMode.Authenticated, sent));
        StampMac.SignPacket(Key(0), bytes);
        Assert.Equal(request, Convert.ToHexStringLower(bytes));
        Assert.Equal(StampError.None, StampSenderView.TryCreate(bytes, StampMode.Authenticated, out var sender));
        Assert.Equal(sent, sender.Packet);

        var answered = Reply(0, sent, 123_456_789, 255);
        Assert.Equal(112, StampWire.WriteReply(bytes, StampMode.Authenticated, answered));
        StampMac.SignPacket(Key(0), bytes);
        Assert.Equal(reply, Convert.ToHexStringLower(bytes));
        Assert.Equal(StampError.None, StampReflectorView.TryCreate(bytes, StampMode.Authenticated, out var reflector));
        Assert.Equal(answered, reflector.Packet);

        Assert.True(StampMac.TryVerifyPacket(new StampKeyRing(Key(1), Key(0), Key(2)), bytes, out var index));
        Assert.Equal(1, index);
        Assert.False(StampMac.TryVerifyPacket(new StampKeyRing(Key(1), Key(2)), bytes, out index));
        Assert.Equal(-1, index);
        Assert.False(StampMac.TryVerifyPacket(new StampKeyRing(Key(0)), bytes.AsSpan(0, 111), out _));
        for (var bit = 0; bit < 112 * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(StampMac.TryVerifyPacket(new StampKeyRing(Key(0)), bytes, out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>V9: PTP on both sides.</summary>
    [Fact]
    public void The_z_bit_and_ptp_go_together()
    {
        var error = SenderError.WithFormat(StampTimestampFormat.Ptp);
        var sent = Request(0, 0, 7) with { Timestamp = StampTimestamp.FromNanoseconds(Second0 + 123_456_789, error.Format), ErrorEstimate = error };
        var bytes = new byte[44];
        _ = StampWire.WriteRequest(bytes, StampMode.Unauthenticated, sent);
        Assert.Equal("000000006553f100075bcd15cf840007", Convert.ToHexStringLower(bytes.AsSpan(0, 16)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_was_written_is_read(int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[200];
        for (var i = 0; i < 20_000; i++)
        {
            var mode = (StampMode)random.Next(2);
            random.NextBytes(bytes);
            var sent = new StampSenderPacket((uint)random.NextInt64(), Timestamp(random), Estimate(random), (ushort)random.Next(65_536));
            var length = StampWire.WriteRequest(bytes, mode, sent);
            Assert.Equal(StampError.None, StampSenderView.TryCreate(bytes.AsSpan(0, length + random.Next(2)), mode, out var sender));
            Assert.True(sent == sender.Packet && !sender.HasPaddingInBase, $"seed {seed}, round {i}");

            var reply = new StampReflectorPacket(
                (uint)random.NextInt64(), Timestamp(random), Estimate(random), sent.Ssid, Timestamp(random), sent.Sequence, sent.Timestamp, sent.ErrorEstimate, (byte)random.Next(256));
            random.NextBytes(bytes);
            length = StampWire.WriteReply(bytes, mode, reply);
            var later = Timestamp(random);
            StampWire.WriteSendTime(bytes, mode, later);
            Assert.Equal(StampError.None, StampReflectorView.TryCreate(bytes.AsSpan(0, length), mode, out var reflector));
            Assert.True(reply with { Timestamp = later } == reflector.Packet, $"seed {seed}, round {i}");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Any_bytes_can_be_looked_at(int seed)
    {
        var random = new Random(seed);
        var seen = new int[3];
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var mode = (StampMode)random.Next(2);
            var error = StampSenderView.TryCreate(bytes, mode, out var sender);
            Assert.Equal(bytes.Length < (mode == StampMode.Authenticated ? 112 : 14), error == StampError.TooShort);
            seen[(int)error]++;
            if (error != StampError.TooShort)
            {
                Assert.Equal(Math.Max(0, bytes.Length - StampWire.LengthOf(mode)), sender.Tlvs.Length);
                _ = (sender.Packet, sender.HasPaddingInBase, sender.IsShort);
            }

            error = StampReflectorView.TryCreate(bytes, mode, out var reflector);
            Assert.Equal(bytes.Length < (mode == StampMode.Authenticated ? 112 : 41), error == StampError.TooShort);
            if (error != StampError.TooShort)
            {
                _ = (reflector.Packet, reflector.Tlvs.Length);
            }
        }

        Assert.All(seen, count => Assert.True(count > 50, string.Join(' ', seen)));
    }

    [Fact]
    public void A_zero_multiplier_is_corruption()
    {
        var bytes = new byte[112];
        Assert.Equal(StampError.ErrorEstimate, StampSenderView.TryCreate(bytes, StampMode.Unauthenticated, out _));
        Assert.Equal(StampError.ErrorEstimate, StampSenderView.TryCreate(bytes, StampMode.Authenticated, out _));
        Assert.Equal(StampError.ErrorEstimate, StampReflectorView.TryCreate(bytes, StampMode.Unauthenticated, out _));
    }

    [Fact]
    public void Padding_where_zeros_belong_is_told_up_to_the_mac()
    {
        for (var i = 0; i < 112; i++)
        {
            var bytes = new byte[112];
            bytes[i] = 1;
            bytes[13] = 1;
            _ = StampSenderView.TryCreate(bytes, StampMode.Unauthenticated, out var view);
            Assert.Equal(i is >= 16 and < 44, view.HasPaddingInBase);
            bytes[13] = 0;
            bytes[25] = 1;
            _ = StampSenderView.TryCreate(bytes, StampMode.Authenticated, out view);
            Assert.Equal(i is >= 28 and < 96, view.HasPaddingInBase);
        }
    }

    [Theory]
    [InlineData(StampMode.Unauthenticated, 43)]
    [InlineData(StampMode.Authenticated, 111)]
    public void Too_little_room_is_refused(StampMode mode, int room)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StampWire.WriteRequest(new byte[room], mode, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => StampWire.WriteReply(new byte[room], mode, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => StampWire.WriteSendTime(new byte[room], mode, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => StampMac.SignPacket(Key(0), new byte[111]));
    }

    [Fact]
    public void Keys_have_1_to_64_bytes_and_do_not_show_them()
    {
        foreach (var length in new[] { 0, 65 })
        {
            Assert.False(StampKey.TryCreate(new byte[length], out _));
            Assert.False(StampKey.TryParse(new string('a', 2 * length), out _));
        }

        foreach (var text in new[] { "a", "abc", "0g", " ab", "ab ", "0xab", "ab\n1" })
        {
            Assert.False(StampKey.TryParse(text, out _), text);
        }

        Assert.True(StampKey.TryParse("00AbfF", out var key));
        Assert.Equal(new byte[] { 0, 0xab, 0xff }, key.Bytes.ToArray());
        Assert.True(StampKey.TryCreate([0, 0xab, 0xff], out var same) && key == same && key.Equals((object)same));
        Assert.True(StampKey.TryCreate([0, 0xab, 0xff, 0], out var longer) && key != longer);
        Assert.True(StampKey.TryCreate(Enumerable.Repeat((byte)7, 64).ToArray(), out var longest) && longest.Length == 64);
        Assert.Equal("key of 3 bytes", key.ToString());
        Assert.Equal(["Bytes", "Length"], typeof(StampKey).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Order());
        Assert.Throws<ArgumentException>(() => new StampKeyRing());
        Assert.Throws<ArgumentException>(() => new StampKeyRing(key, default));
        Assert.Throws<ArgumentException>(() => new StampKeyRing(Enumerable.Repeat(key, 17).ToArray()));
        var ring = new StampKeyRing(key, longer);
        Assert.True(ring.Equals(new StampKeyRing(same, longer)));
        Assert.False(ring.Equals(new StampKeyRing(longer, key)));
        Assert.False(ring.Equals(new StampKeyRing(key)) || new StampKeyRing(key).Equals(ring));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var bytes = new byte[112];
        var keys = new StampKeyRing(Key(0), Key(1));
        Round();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Round();
            }
        }));

        void Round()
        {
            _ = StampWire.WriteRequest(bytes, StampMode.Authenticated, Request(0, 5, 9));
            StampMac.SignPacket(keys[1], bytes);
            _ = StampMac.TryVerifyPacket(keys, bytes, out _);
            _ = StampSenderView.TryCreate(bytes, StampMode.Authenticated, out var view);
            _ = view.Packet;
        }
    }

    private static StampSenderPacket Request(uint sequence, long fraction, ushort ssid) =>
        new(sequence, StampTimestamp.FromNanoseconds(Second0 + fraction, StampTimestampFormat.Ntp), SenderError, ssid);

    private static StampReflectorPacket Reply(uint sequence, StampSenderPacket sent, long fraction, byte ttl) => new(
        sequence,
        StampTimestamp.FromNanoseconds(Second0 + fraction + 3_050_000, StampTimestampFormat.Ntp),
        ReflectorError,
        sent.Ssid,
        StampTimestamp.FromNanoseconds(Second0 + fraction + 3_000_000, StampTimestampFormat.Ntp),
        sent.Sequence,
        sent.Timestamp,
        sent.ErrorEstimate,
        ttl);

    private static StampKey Key(int first) =>
        StampKey.TryCreate(Enumerable.Range(first, 32).Select(i => (byte)i).ToArray(), out var key) ? key : throw new InvalidOperationException();

    private static StampTimestamp Timestamp(Random random) => new((ulong)random.NextInt64(long.MinValue, long.MaxValue));

    private static StampErrorEstimate Estimate(Random random) => new((ushort)((random.Next(256) << 8) | random.Next(1, 256)));
}
