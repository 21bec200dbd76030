using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class IcmpMessageTests
{
    /// <summary>Worked by hand: 0800 + 1234 + 0001 = 1a35, complement e5ca; with a payload of 01 02 03 add 0102 and 0300.</summary>
    [Theory]
    [InlineData("", "0800e5ca12340001")]
    [InlineData("010203", "0800e1c812340001")]
    public void An_echo_has_the_golden_bytes(string payload, string golden)
    {
        var header = new byte[8];
        IcmpMessage.WriteHeader(header, 8, 0x1234, 1);
        IcmpMessage.Seal(header, Convert.FromHexString(payload));
        Assert.Equal(golden, Convert.ToHexStringLower(header));
        Assert.Equal(0, IcmpMessage.Checksum(default, [.. header, .. Convert.FromHexString(payload)]));
    }

    [Fact]
    public void Any_flipped_bit_spoils_the_checksum()
    {
        var message = new byte[8 + 5];
        IcmpMessage.WriteHeader(message, 0, 77, 0xffff);
        message[10] = 0xab;
        IcmpMessage.Seal(message, message.AsSpan(8));
        for (var bit = 0; bit < message.Length * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(0, IcmpMessage.Checksum(default, message));
            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("", -1)]
    [InlineData("45", -1)]
    [InlineData("4400000000000000000000000000000000000000", -1)]
    [InlineData("6500000000000000000000000000000000000000", -1)]
    [InlineData("4500000000000000000000000000000000000000", 20)]
    [InlineData("4600000000000000000000000000000000000000", -1)]
    [InlineData("460000000000000000000000000000000000000001020304", 24)]
    public void The_ip_header_is_measured_and_never_overrun(string packet, int expected) =>
        Assert.Equal(expected, IcmpMessage.OffsetInPacket(Convert.FromHexString(packet)));

    [Theory]
    [InlineData("0000000000070009", true)]
    [InlineData("000000000007000901", true)]
    [InlineData("00000000000700", false)]
    [InlineData("0800000000070009", false)]
    [InlineData("0001000000070009", false)]
    public void Only_a_whole_reply_is_read(string message, bool expected)
    {
        Assert.Equal(expected, IcmpMessage.TryReadReply(Convert.FromHexString(message), 0, out var identifier, out var sequence));
        Assert.Equal(expected ? (7, 9) : (0, 0), (identifier, sequence));
    }
}
