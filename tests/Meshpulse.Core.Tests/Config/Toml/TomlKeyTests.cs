using Meshpulse.Core.Config.Toml;
using static Meshpulse.Core.Tests.Config.Toml.TomlSample;

namespace Meshpulse.Core.Tests.Config.Toml;

public sealed class TomlKeyTests
{
    [Theory]
    [InlineData("key = 1", "key")]
    [InlineData("bare-Key_9 = 1", "bare-Key_9")]
    [InlineData("-_- = 1", "-_-")]
    [InlineData("1234 = 1", "1234")]
    [InlineData("true = 1", "true")]
    [InlineData("\"\" = 1", "")]
    [InlineData("'' = 1", "")]
    [InlineData("\"a b\" = 1", "a b")]
    [InlineData("\"a\\u0062\\n\" = 1", "ab\n")]
    [InlineData("'a\\u0062' = 1", "a\\u0062")]
    [InlineData("'a.b' = 1", "a.b")]
    [InlineData("\"schlüssel\" = 1", "schlüssel")]
    [InlineData("\tkey\t=\t1", "key")]
    [InlineData("key=1#x", "key")]
    public void A_key_gives_its_name(string text, string name) => Assert.Equal(name, Assert.Single(Root(text).Entries).Name);

    [Theory]
    [InlineData("a.b.c = 1")]
    [InlineData("a . b\t.c = 1")]
    [InlineData("\"a\".'b'.c = 1")]
    public void A_dotted_key_makes_tables(string text)
    {
        var a = Assert.IsType<TomlTable>(Root(text)["a"]);
        var b = Assert.IsType<TomlTable>(a["b"]);
        Assert.Equal(1, Assert.IsType<TomlInteger>(b["c"]).Value);
    }

    [Fact]
    public void What_looks_like_a_float_is_two_keys() =>
        Assert.Equal("2", Assert.Single(Assert.IsType<TomlTable>(Root("1.2 = 3")["1"]).Entries).Name);

    [Fact]
    public void Names_differ_by_case_and_by_code_point() =>
        Assert.Equal(["a", "A", "\u00E9", "e\u0301"], Root("a = 1\nA = 2\n\"\\u00E9\" = 3\n\"e\\u0301\" = 4\n").Entries.Select(entry => entry.Name));

    [Fact]
    public void Entries_keep_the_files_order() =>
        Assert.Equal(["z", "a", "m", "b"], Root("z = 1\na.x = 2\nm = 3\na.y = 4\n[b]\n").Entries.Select(entry => entry.Name));

    [Fact]
    public void An_absent_key_is_null_and_not_found()
    {
        var root = Root("a = 1");
        Assert.Null(root["b"]);
        Assert.False(root.TryGet("b", out _));
        Assert.True(root.TryGet("a", out var entry));
        Assert.Equal(new TomlPosition(FileName, 1, 1), entry.Key.Position);
    }

    [Theory]
    [InlineData("= 1", "1:1 a key is missing")]
    [InlineData("a. = 1", "1:4 a key is missing")]
    [InlineData(".a = 1", "1:1 a key is missing")]
    [InlineData("a..b = 1", "1:3 a key is missing")]
    [InlineData("é = 1", "1:1 a key is missing")]
    [InlineData("a", "1:2 '=' is missing behind the key; here is the end of the file")]
    [InlineData("a\n= 1", "1:2 '=' is missing behind the key; here is the end of the line")]
    [InlineData("a b = 1", "1:3 '=' is missing behind the key; here is 'b'")]
    [InlineData("a: 1", "1:2 '=' is missing behind the key; here is ':'")]
    [InlineData("a =", "1:4 a value is missing; here is the end of the file")]
    [InlineData("a = # 1", "1:5 a value is missing; here is '#'")]
    [InlineData("a = = 1", "1:5 a value is missing; here is '='")]
    [InlineData("\"\"\"a\"\"\" = 1", "1:1 a key stands on one line")]
    [InlineData("'''a''' = 1", "1:1 a key stands on one line")]
    [InlineData("\"a = 1", "1:1 this string is not closed")]
    [InlineData("\"a\nb\" = 1", "1:1 this string is not closed")]
    [InlineData("a = 1 b = 2", "1:7 the line should end here")]
    [InlineData("a = 1, b = 2", "1:6 the line should end here")]
    [InlineData("a = 1\nb = 2\na = 3", "3:1 a key is given twice: 'a' stands at line 1 already")]
    [InlineData("'a' = 1\n\"\\u0061\" = 3", "2:1 a key is given twice: 'a' stands at line 1 already")]
    public void A_wrong_key_is_refused(string text, string expected) => Assert.StartsWith(expected, Errors(text)[0], StringComparison.Ordinal);
}
