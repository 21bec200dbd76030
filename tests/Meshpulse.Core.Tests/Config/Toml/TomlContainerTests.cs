using Meshpulse.Core.Config.Toml;
using static Meshpulse.Core.Tests.Config.Toml.TomlSample;

namespace Meshpulse.Core.Tests.Config.Toml;

public sealed class TomlContainerTests
{
    [Theory]
    [InlineData("[]", 0)]
    [InlineData("[ ]", 0)]
    [InlineData("[\n]", 0)]
    [InlineData("[ # c\n # d\r\n]", 0)]
    [InlineData("[1]", 1)]
    [InlineData("[1,]", 1)]
    [InlineData("[1, # one\n 2 # two\n , 3 ]", 3)]
    [InlineData("[\n1\n,\n2\n,\n]", 2)]
    [InlineData("[1, 'a', 2.5, true, 2024-01-01, [], {}]", 7)]
    [InlineData("[[1, 2], ['a'], [[[]]]]", 3)]
    [InlineData("[{a = 1}, {b = 2}]", 2)]
    [InlineData("[2024-01-01 12:00:00, 2024-01-01]", 2)]
    public void An_array_holds_its_elements(string written, int count)
    {
        var array = Assert.IsType<TomlArray>(Value(written));
        Assert.Equal(count, array.Items.Count);
        Assert.False(array.IsTableArray);
    }

    [Fact]
    public void Elements_keep_their_order_and_kinds() =>
        Assert.Equal(
            ["an integer", "a string", "a float", "a boolean", "a local date", "a local time", "a local date-time", "an offset date-time", "an array", "a table"],
            Assert.IsType<TomlArray>(Value("[1, 'a', 2.5, true, 2024-01-01, 12:00:00, 2024-01-01T12:00:00, 2024-01-01T12:00:00Z, [], {}]")).Items.Select(item => item.Kind));

    [Theory]
    [InlineData("[1 2]", "1:8 a ',' or the array's ']' is missing; here is '2'")]
    [InlineData("[1,,2]", "1:8 a value is missing; here is ','")]
    [InlineData("[,1]", "1:6 a value is missing; here is ','")]
    [InlineData("[1,,]", "1:8 a value is missing; here is ','")]
    [InlineData("[1}", "1:7 a ',' or the array's ']' is missing; here is '}'")]
    [InlineData("[1", "1:7 a ',' or the array's ']' is missing; here is the end of the file (it was opened at line 1, column 5)")]
    [InlineData("[1,\n2,\n", "3:1 a ',' or the array's ']' is missing; here is the end of the file (it was opened at line 1, column 5)")]
    [InlineData("[a = 1]", "1:6 'a' is no value: a string stands in quotes, or a bracket is missing before it")]
    [InlineData("[1] 2", "1:9 the line should end here")]
    [InlineData("[1]]", "1:8 the line should end here")]
    [InlineData("[1 # c \u0001\n]", "1:12 the control character U+0001 must not stand in a comment")]
    public void A_wrong_array_is_refused(string written, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Errors($"a = {written}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "")]
    [InlineData("{ \t }", "")]
    [InlineData("{a=1}", "a")]
    [InlineData("{ a = 1, 'b c' = { d = [ 1,\n 2 ] }, e.f = '''\n''' }", "a;b c;e")]
    [InlineData("{ a.b = 1, a.c = 2, d = 3, a.e = 4 }", "a;d")]
    public void An_inline_table_holds_its_keys(string written, string names) =>
        Assert.Equal(names, string.Join(';', Assert.IsType<TomlTable>(Value(written)).Entries.Select(entry => entry.Name)));

    [Theory]
    [InlineData("{a = 1,}", "1:12 a key is missing before '}'; an inline table takes no comma at its end")]
    [InlineData("{a = 1,,b = 2}", "1:12 a key is missing before ','")]
    [InlineData("{,}", "1:6 a key is missing before ','")]
    [InlineData("{a = 1 b = 2}", "1:12 a ',' or the inline table's '}' is missing; here is 'b'")]
    [InlineData("{a}", "1:7 '=' is missing behind the key; here is '}'")]
    [InlineData("{a = }", "1:10 a value is missing; here is '}'")]
    [InlineData("{", "1:6 an inline table ends on the line that it begins on")]
    [InlineData("{a = 1", "1:11 an inline table ends on the line that it begins on")]
    [InlineData("{\n a = 1 }", "1:6 an inline table ends on the line that it begins on")]
    [InlineData("{a = 1,\n b = 2}", "1:12 an inline table ends on the line that it begins on")]
    [InlineData("{a = 1 # c\n}", "1:12 an inline table ends on the line that it begins on")]
    [InlineData("{a = 1, a = 2}", "1:13 a key is given twice: 'a' stands at line 1 already")]
    [InlineData("{a.b = 1, a.b = 2}", "1:17 a key is given twice: 'b' stands at line 1 already")]
    [InlineData("{a.b = 1, a = 2}", "1:15 'a' is a table since line 1 already, so it cannot be given a value")]
    [InlineData("{a = 1, a.b = 2}", "1:13 'a' is an integer since line 1 already; it cannot hold 'b'")]
    [InlineData("{a = {}, a.b = 2}", "1:14 'a' is an inline table since line 1 already; its braces closed it")]
    [InlineData("{a = []}}", "1:13 the line should end here")]
    public void A_wrong_inline_table_is_refused(string written, string expected) =>
        Assert.StartsWith(expected, Errors($"a = {written}")[0], StringComparison.Ordinal);
}
