using Meshpulse.Wire.Echo;

namespace Meshpulse.Wire.Tests.Echo;

public sealed class EchoPayloadTests
{
    [Fact]
    public void Bytes_are_as_documented()
    {
        var bytes = new byte[20];
        EchoPayload.Write(bytes, 0x01020304, 0x0a0b0c0d, 0x1112131415161718);
        Assert.Equal(Convert.FromHexString("010203040a0b0c0d111213141516171810111213"), bytes);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var bytes = new byte[56];
        EchoPayload.Write(bytes, 7, 8, 9);
        Assert.True(EchoPayload.TryRead(bytes, 7, out var probe, out var id));
        Assert.Equal((8u, 9ul), (probe, id));
    }

    [Fact]
    public void Another_programs_payload_is_refused()
    {
        var bytes = new byte[56];
        EchoPayload.Write(bytes, 7, 8, 9);
        Assert.False(EchoPayload.TryRead(bytes, 6, out _, out _));
        Assert.False(EchoPayload.TryRead(bytes.AsSpan(0, EchoPayload.Length - 1), 7, out _, out _));
        Assert.Throws<ArgumentException>(() => EchoPayload.Write(new byte[15], 1, 2, 3));
    }
}
