using System.Text;
using Meshpulse.Wire.AgentUdp;

namespace Meshpulse.Wire.Tests.AgentUdp;

public class AgentDatagramTests
{
    [Theory]
    [InlineData(AgentValueKind.Peak, 161, "mehsh.loss", "002c000000a16d656873682e6c6f7373")]
    [InlineData(AgentValueKind.Sum, 0, "mehsh.sendloss.local", "002a000000006d656873682e73656e646c6f73732e6c6f63616c")]
    [InlineData(AgentValueKind.Average, -2, "é", "002bfffffffec3a9")]
    [InlineData(AgentValueKind.Minimum, int.MaxValue, "", "002d7fffffff")]
    [InlineData(AgentValueKind.Sum, 1L << 31, "x", "002a7fffffff78")]
    [InlineData(AgentValueKind.Sum, long.MinValue, "x", "002a8000000078")]
    public void The_bytes_are_these(AgentValueKind kind, long value, string name, string bytes)
    {
        Assert.Equal(bytes, Convert.ToHexStringLower(Written(kind, value, name)));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var kind = (AgentValueKind)random.Next(42, 46);
            var value = random.Next(int.MinValue, int.MaxValue);
            var name = string.Concat(Enumerable.Range(0, random.Next(0, 73)).Select(_ => Character(random)));

            Assert.True(AgentDatagram.TryRead(Written(kind, value, name), out var readKind, out var readValue, out var readName), $"seed {seed}");
            Assert.True((kind, value, name) == (readKind, readValue, readName), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("a", 294, 300)]
    [InlineData("é", 147, 300)]
    [InlineData("€", 98, 300)]
    [InlineData("😀", 73, 298)]
    public void A_name_that_is_too_long_ends_with_a_whole_character(string character, int fitting, int length)
    {
        var written = Written(AgentValueKind.Sum, 1, string.Concat(Enumerable.Repeat(character, 400)));

        Assert.Equal(length, written.Length);
        Assert.Equal(string.Concat(Enumerable.Repeat(character, fitting)), Encoding.UTF8.GetString(written[6..]));
    }

    [Fact]
    public void What_is_no_datagram_is_not_read()
    {
        string[] wrong = ["", "002a000000", "0029000000016d", "002e000000016d", "2a00000000016d", "002a00000001ff", "002a00000001" + new string('6', 590)];
        Assert.All(wrong, bytes => Assert.False(AgentDatagram.TryRead(Convert.FromHexString(bytes), out _, out _, out _), bytes));
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(0, 320)];
            random.NextBytes(bytes);
            _ = AgentDatagram.TryRead(bytes, out _, out _, out _);
        }
    }

    [Fact]
    public void Half_a_character_becomes_the_replacement_character() =>
        Assert.Equal("002a00000001efbfbd", Convert.ToHexStringLower(Written(AgentValueKind.Sum, 1, "\ud800")));

    [Fact]
    public void A_buffer_that_might_not_do_is_refused() =>
        Assert.Throws<ArgumentException>(() => AgentDatagram.Write(new byte[299], AgentValueKind.Sum, 1, "x"));

    private static byte[] Written(AgentValueKind kind, long value, string name)
    {
        var buffer = new byte[AgentDatagram.MaxLength];
        return buffer[..AgentDatagram.Write(buffer, kind, value, name)];
    }

    private static string Character(Random random)
    {
        int scalar;
        do
        {
            scalar = random.Next(random.Next(2) == 0 ? 0x80 : 0x110000);
        }
        while (scalar is >= 0xD800 and < 0xE000);
        return new Rune(scalar).ToString();
    }
}
