using System.Text;
using Meshpulse.Agent.Fleet.Logs;

namespace Meshpulse.Agent.Tests.Fleet.Logs;

public sealed class BoundedLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n", "|")]
    [InlineData("a", "a|")]
    [InlineData("a\n", "a|")]
    [InlineData("a\n\nbc", "a||bc|")]
    [InlineData("12345\n", "12345|")]
    [InlineData("123456\na\n", "null|a|")]
    [InlineData("1234567890123456789\na", "null|a|")]
    [InlineData("a\n1234567890123456789", "a|null|")]
    [InlineData("123456", "null|")]
    public void Lines_come_whole_and_those_too_long_are_passed_over(string text, string lines)
    {
        for (var atOnce = 1; atOnce <= 7; atOnce++)
        {
            var reader = new BoundedLines(new Trickle(Encoding.ASCII.GetBytes(text), atOnce), longest: 5);
            var found = new StringBuilder();
            while (reader.TryNext(out var line))
            {
                found.Append(line is { } l ? Encoding.ASCII.GetString(l.Span) : "null").Append('|');
            }

            Assert.Equal(lines, found.ToString());
        }
    }

    /// <summary>A stream that gives at most so many bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, atOnce));
    }
}
