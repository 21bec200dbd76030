using Meshpulse.Core.Config.Toml;
using static Meshpulse.Core.Tests.Config.Toml.TomlSample;

namespace Meshpulse.Core.Tests.Config.Toml;

public sealed class TomlStringTests
{
    private const string Long = "\"\"\"";

    [Theory]
    [InlineData("\"\"", "")]
    [InlineData("\"a\tb é 𝄞\"", "a\tb é 𝄞")]
    [InlineData("\"it's # no comment\"", "it's # no comment")]
    [InlineData(@"""\b\t\n\f\r\""\\""", "\b\t\n\f\r\"\\")]
    [InlineData(@"""\u00e9\u00E9\U0001D11E\u0000""", "éé𝄞\0")]
    [InlineData("''", "")]
    [InlineData(@"'C:\new\u0041""'", @"C:\new\u0041""")]
    public void A_string_on_one_line_gives_its_text(string written, string text) => AssertText(text, written);

    [Theory]
    [InlineData(Long + Long, "")]
    [InlineData(Long + "\n" + Long, "")]
    [InlineData(Long + "\n\n" + Long, "\n")]
    [InlineData(Long + "\r\na\r\nb" + Long, "a\nb")]
    [InlineData(Long + "a\\tb\\\\" + Long, "a\tb\\")]
    [InlineData(Long + "a\\\n  \t\n\n  b" + Long, "ab")]
    [InlineData(Long + "a \\  \r\n\r\n b" + Long, "a b")]
    [InlineData(Long + "\\\n" + Long, "")]
    [InlineData(Long + "a\\\\\nb" + Long, "a\\\nb")]
    [InlineData(Long + "a\"b\"\"c" + Long, "a\"b\"\"c")]
    [InlineData(Long + "\"a" + Long, "\"a")]
    [InlineData(Long + "\"\"a\"" + Long, "\"\"a\"")]
    [InlineData(Long + "a\"\"" + Long, "a\"\"")]
    [InlineData(Long + "\"\"" + Long, "\"\"")]
    [InlineData(Long + "a\\\"" + Long, "a\"")]
    [InlineData(Long + "'''" + Long, "'''")]
    [InlineData("''''''", "")]
    [InlineData("'''\na\\\n b'''", "a\\\n b")]
    [InlineData("'''a''b'c'''", "a''b'c")]
    [InlineData("''''a'''''", "'a''")]
    [InlineData("'''\r\n\r\n'''", "\n")]
    public void A_string_over_lines_gives_its_text(string written, string text) => AssertText(text, written);

    [Theory]
    [InlineData("\"a", "1:5 this string is not closed: a \" is missing before the end of the file")]
    [InlineData("\"a\nb\"", "1:5 this string is not closed: a \" is missing before the end of the line")]
    [InlineData("\"a\\", "1:5 this string is not closed: a \" is missing before the end of the file")]
    [InlineData("\"a\\\"", "1:5 this string is not closed: a \" is missing before the end of the file")]
    [InlineData("'a", "1:5 this string is not closed: a ' is missing before the end of the file")]
    [InlineData("'a\r\n'", "1:5 this string is not closed: a ' is missing before the end of the line")]
    [InlineData("'a'b'", "1:8 the line should end here")]
    [InlineData(Long + "a\nb\"\"", "1:5 this string is not closed: \"\"\" is missing")]
    [InlineData("'''a\nb''", "1:5 this string is not closed: ''' is missing")]
    [InlineData("'''a''''''", "1:14 the line should end here")]
    [InlineData(Long + "a" + Long + Long, "1:14 the line should end here")]
    [InlineData("\"a\\e\"", "1:7 \\ before 'e' is no escape")]
    [InlineData("\"\\x41\"", "1:6 \\ before 'x' is no escape")]
    [InlineData("\"\\'\"", "1:6 \\ before ''' is no escape")]
    [InlineData(Long + "a\\ b" + Long, "1:9 \\ before ' ' is no escape")]
    [InlineData("\"\\u12G4\"", "1:6 \\u needs 4 hexadecimal digits, here are 2")]
    [InlineData("\"\\U0001D11\"", "1:6 \\U needs 8 hexadecimal digits, here are 7")]
    [InlineData("\"\\uD834\\uDD1E\"", "1:6 \\uD834 is no Unicode character")]
    [InlineData("\"\\U00110000\"", "1:6 \\U00110000 is no Unicode character")]
    [InlineData("\"\\UFFFFFFFF\"", "1:6 \\UFFFFFFFF is no Unicode character")]
    [InlineData("\"a\u0000b\"", "1:7 the control character U+0000 must not stand in a string")]
    [InlineData("'\u007F'", "1:6 the control character U+007F must not stand in a string")]
    [InlineData("'''\u001F'''", "1:8 the control character U+001F must not stand in a string")]
    [InlineData(Long + "a\rb" + Long, "1:9 a carriage return without a line feed must not stand in a string")]
    [InlineData("\"a\rb\"", "1:7 a carriage return without a line feed must not stand in a string")]
    public void A_wrong_string_is_refused(string written, string expected) =>
        Assert.StartsWith(expected, Errors($"a = {written}")[0], StringComparison.Ordinal);

    [Fact]
    public void Each_bad_escape_of_a_string_is_reported() =>
        Assert.Equal(["1:6", "1:9", "2:6"], Errors("a = \"\\q \\u1 \\n\"\nb = '\u0001'").Select(error => error.Split(' ')[0]));

    private static void AssertText(string text, string written)
    {
        Assert.Equal(text, Assert.IsType<TomlString>(Value(written)).Value);
        Assert.Equal(text, Assert.IsType<TomlString>(Assert.IsType<TomlArray>(Value($"[ {written} , 1 ]")).Items[0]).Value);
    }
}
