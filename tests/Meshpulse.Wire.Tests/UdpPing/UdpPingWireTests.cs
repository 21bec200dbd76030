using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Wire.Tests.UdpPing;

public sealed class UdpPingWireTests
{
    private const string GoldenRequest = "13706a4b0000000100000000000000010001";
    private const string GoldenResponse = "13706a4b0000000100000000000000010002";

    [Theory]
    [InlineData(1, GoldenRequest, GoldenResponse)]
    [InlineData(0x0123456789abcdef, "13706a4b000000010123456789abcdef0001", "13706a4b000000010123456789abcdef0002")]
    [InlineData(ulong.MaxValue, "13706a4b00000001ffffffffffffffff0001", "13706a4b00000001ffffffffffffffff0002")]
    [InlineData(0, "13706a4b0000000100000000000000000001", "13706a4b0000000100000000000000000002")]
    public void Both_have_the_golden_bytes_and_read_back(ulong id, string request, string response)
    {
        var bytes = new byte[18];
        Assert.Equal(18, UdpPingWire.WriteRequest(bytes, id));
        Assert.Equal(request, Convert.ToHexStringLower(bytes));
        Assert.Equal(UdpPingError.None, UdpPingWire.TryRead(bytes, out var message));
        Assert.Equal(new UdpPingMessage(UdpPingType.Request, id, 0), message);

        Assert.Equal(18, UdpPingWire.WriteResponse(bytes, id));
        Assert.Equal(response, Convert.ToHexStringLower(bytes));
        Assert.Equal(UdpPingError.None, UdpPingWire.TryRead(bytes, out message));
        Assert.Equal(new UdpPingMessage(UdpPingType.Response, id, 0), message);
    }

    [Theory]
    [InlineData(19)]
    [InlineData(1472)]
    [InlineData(65_507)]
    public void Padding_is_zeros_and_says_how_much_it_is(int length)
    {
        var bytes = new byte[65_600];
        Array.Fill(bytes, (byte)0xee);
        Assert.Equal(length, UdpPingWire.WriteRequest(bytes, 1, length));
        Assert.Equal(GoldenRequest + new string('0', 2 * (length - 18)) + "ee", Convert.ToHexStringLower(bytes.AsSpan(0, length + 1)));
        Assert.Equal(UdpPingError.None, UdpPingWire.TryRead(bytes.AsSpan(0, length), out var message));
        Assert.Equal(new UdpPingMessage(UdpPingType.Request, 1, length - 18), message);
    }

    [Theory]
    [InlineData(100, 17)]
    [InlineData(100, 0)]
    [InlineData(100, -1)]
    [InlineData(100, 101)]
    [InlineData(17, 18)]
    [InlineData(70_000, 65_508)]
    public void A_length_that_cannot_be_is_refused(int room, int length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpPingWire.WriteRequest(new byte[room], 1, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => UdpPingWire.WriteResponse(new byte[room], 1, length));
    }

    [Fact]
    public void Whatever_is_cut_short_is_too_short()
    {
        var whole = Convert.FromHexString(GoldenRequest);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal(UdpPingError.TooShort, UdpPingWire.TryRead(whole.AsSpan(0, length), out var message));
            Assert.Equal(default, message);
        }
    }

    [Theory]
    [InlineData("13706a4c0000000100000000000000010001", UdpPingError.Magic)]
    [InlineData("4b6a70130000000100000000000000010001", UdpPingError.Magic)]
    [InlineData("13706a4b0000000000000000000000010001", UdpPingError.Version)]
    [InlineData("13706a4b0000000200000000000000010001", UdpPingError.Version)]
    [InlineData("13706a4b0000006300000000000000010001", UdpPingError.Version)]
    [InlineData("13706a4b0100000000000000000000010001", UdpPingError.Version)]
    [InlineData("13706a4b0000000100000000000000010000", UdpPingError.Type)]
    [InlineData("13706a4b0000000100000000000000010003", UdpPingError.Type)]
    [InlineData("13706a4b0000000100000000000000010100", UdpPingError.Type)]
    [InlineData("13706a4b0000000100000000000000010101", UdpPingError.Type)]
    public void What_is_none_says_why(string datagram, UdpPingError expected)
    {
        Assert.Equal(expected, UdpPingWire.TryRead(Convert.FromHexString(datagram), out var message));
        Assert.Equal(default, message);
        Assert.Equal(expected, UdpPingWire.TryRead(Convert.FromHexString(datagram + "00ff"), out _));
    }

    [Fact]
    public void Any_flipped_bit_outside_the_id_makes_it_none()
    {
        var bytes = Convert.FromHexString(GoldenRequest);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            var expected = (bit / 8) switch
            {
                < 4 => UdpPingError.Magic,
                < 8 => UdpPingError.Version,
                < 16 => UdpPingError.None,
                _ => UdpPingError.Type,
            };
            Assert.Equal(expected, UdpPingWire.TryRead(bytes, out _));
            bytes[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        }
    }
}
