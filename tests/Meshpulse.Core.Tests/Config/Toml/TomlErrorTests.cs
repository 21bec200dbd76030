using System.Text;
using Meshpulse.Core.Config.Toml;
using static Meshpulse.Core.Tests.Config.Toml.TomlSample;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>Places, encoding, and how reading goes on behind a mistake.</summary>
public sealed class TomlErrorTests
{
    [Fact]
    public void Every_key_and_value_knows_its_place()
    {
        var root = Root("# first line\n  name = 'x'\n[\"𝄞é\".b]\nc.d = [1, {e = 2}]\n[[f]]\n");
        var b = Assert.IsType<TomlTable>(Assert.IsType<TomlTable>(root["𝄞é"])["b"]);
        var d = Assert.IsType<TomlTable>(b["c"]).Entries[0];
        var array = Assert.IsType<TomlArray>(d.Value);
        var e = Assert.IsType<TomlTable>(array.Items[1]).Entries[0];
        var f = Assert.IsType<TomlArray>(root["f"]);
        Assert.Equal(
            ["2:3", "2:10", "3:2", "3:7", "4:3", "4:7", "4:8", "4:11", "4:12", "4:16", "5:3", "5:3"],
            new[]
            {
                root.Entries[0].Key.Position, root.Entries[0].Value.Position, root.Entries[1].Key.Position, b.Position, d.Key.Position,
                array.Position, array.Items[0].Position, array.Items[1].Position, e.Key.Position, e.Value.Position, f.Position, f.Items[0].Position,
            }.Select(at => $"{at.Line}:{at.Column}"));
    }

    [Fact]
    public void Columns_count_code_points_and_lines_end_with_or_without_a_carriage_return()
    {
        var root = Root("a = '𝄞𝄞é'\r\n\"𝄞\" = \"\"\"\r\n\r\n\"\"\"\nb = ['é', 2]\n");
        Assert.Equal(new TomlPosition(FileName, 2, 1), root.Entries[1].Key.Position);
        Assert.Equal(new TomlPosition(FileName, 2, 7), root.Entries[1].Value.Position);
        Assert.Equal(new TomlPosition(FileName, 5, 11), Assert.IsType<TomlArray>(root["b"]).Items[1].Position);
    }

    [Fact]
    public void A_super_table_takes_the_place_of_its_own_header()
    {
        var root = Root("[a.b]\n\n[a]\n");
        Assert.Equal(3, root["a"]!.Position.Line);
        Assert.Equal(1, root.Entries[0].Key.Position.Line);
    }

    [Fact]
    public void An_error_prints_as_file_line_column_and_message() =>
        Assert.Equal("sample.toml:2:5: a value is missing; here is the end of the line", Parse("\nx = \n").Errors[0].ToString());

    [Fact]
    public void Positions_order_by_line_then_column()
    {
        TomlPosition At(int line, int column) => new(FileName, line, column);
        Assert.True(At(1, 9) < At(2, 1) && At(2, 1) < At(2, 2) && At(2, 2) <= At(2, 2) && At(3, 1) > At(2, 9) && At(3, 1) >= At(3, 1));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        var root = Parse([0xEF, 0xBB, 0xBF, .. "a = 1"u8]).Root;
        Assert.Equal(new TomlPosition(FileName, 1, 1), root!.Entries[0].Key.Position);
        Assert.NotNull(Parse([0xEF, 0xBB, 0xBF]).Root);
        Assert.StartsWith("1:1 a key is missing: it has letters, digits, _ and -, or stands in quotes; here is '<U+FEFF>'", Errors("\uFEFF\uFEFFa = 1")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x80 }, 0x80)]
    [InlineData(new byte[] { 0xC3 }, 0xC3)]
    [InlineData(new byte[] { 0xC0, 0xAF }, 0xC0)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 0xED)]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, 0xF4)]
    [InlineData(new byte[] { 0xFF }, 0xFF)]
    public void What_is_not_UTF8_is_refused_with_its_place(byte[] bad, int first)
    {
        var result = Parse([.. "a = 1\nb = 'é𝄞"u8, .. bad, .. "'\n"u8]);
        Assert.Null(result.Root);
        Assert.Equal($"sample.toml:2:8: the byte 0x{first:X2} is not valid UTF-8 here; the file must be saved as UTF-8", Assert.Single(result.Errors).ToString());
    }

    [Fact]
    public void UTF16_is_called_by_its_name()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
            Assert.Equal("the file is UTF-16; it must be saved as UTF-8", Assert.Single(Parse([.. encoding.GetPreamble(), .. encoding.GetBytes("a = 1\n")]).Errors).Message);
    }

    [Theory]
    [InlineData("a = 1\rb = 2", "1:6 the line should end here, or go on with a # comment; here is a carriage return without a line feed")]
    [InlineData("# c\r", "1:4 a carriage return without a line feed must not stand in a comment")]
    [InlineData("# c\u0000d\u0001", "1:4 the control character U+0000 must not stand in a comment")]
    [InlineData("a = 1 \u007F", "1:7 the line should end here, or go on with a # comment; here is the control character U+007F")]
    [InlineData("a\u000B= 1", "1:2 '=' is missing behind the key; here is the control character U+000B")]
    [InlineData("\u00A0a = 1", "1:1 a key is missing")]
    public void Control_characters_and_foreign_blanks_are_refused(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Errors(text)), StringComparison.Ordinal);

    [Fact]
    public void Tabs_and_the_higher_controls_may_stand_in_comments() => Root("#\t\u0080\u009F é 𝄞 \uFFFF\n");

    [Fact]
    public void A_message_shows_no_control_characters_and_only_the_start_of_long_text()
    {
        Assert.Equal($"1:1 '=' is missing behind the key; here is '<U+202E>'", Errors("a\u202E = 1")[0].Replace("1:2", "1:1", StringComparison.Ordinal));
        Assert.Equal($"1:5 '{new string('x', 40)}...' is no value: a string stands in quotes", Errors($"a = {new string('x', 5000)}")[0]);
    }

    [Fact]
    public void Independent_mistakes_are_reported_together()
    {
        const string Text = """
            name = probe
            port = 99999999999999999999
            since = 2023-02-29
            list = [1, 2,, 3]
            path = "C:\new\dir"
            [a]
            x = 1
            x = 2
            [a]
            x = 3
            [b
            y = 1
            y = 2
            [c] z = 1
            good = true
            """;
        Assert.Equal(["1:8", "2:8", "3:9", "4:14", "5:15", "8:1", "9:2", "11:3", "13:1", "14:5"], Places(Text));
    }

    [Fact]
    public void The_keys_of_a_refused_table_clash_with_nothing() => Assert.Equal(["3:2"], Places("[a]\nx = 1\n[a]\nx = 2\ny.z = 3\n"));

    [Theory]
    [InlineData("a = [\n  1,\n  foo,\n  bar,\n]\nb = x\n", "3:3", "6:5")]
    [InlineData("a = [\n  [1, foo],\n  ['x'],\n  [2]\n]\nb = x\n", "2:7", "6:5")]
    [InlineData("a = [1, 2\nb = 3\nc = x\n", "2:1", "3:5")]
    [InlineData("a = [1, 2\n[b]\na = 1\nc = x\n", "2:1", "4:5")]
    [InlineData("a = [1, 2,\n[b]\na = 1\nc = x\n", "2:2", "4:5")]
    [InlineData("a = [1, 2\n[[b]] # c\nc = x\n", "2:1", "3:5")]
    [InlineData("  a = [1, 2\n  b = 3\n  c = x\n", "2:3", "3:7")]
    [InlineData("a = [\n  1,\n\"b\".'c' = 3\nc = x\n", "3:4", "4:5")]
    [InlineData("a = {\n  x = 1,\n  y = 2\n}\nb = x\n", "1:6", "5:5")]
    [InlineData("a = [ {\n  x = 1,\n  y = ']' # ]\n} ]\nb = x\n", "1:8", "5:5")]
    [InlineData("a = { x = 1\nb = x\n", "1:12", "2:5")]
    [InlineData("a = ['x', \"y]\n]\nb = x\n", "1:11", "3:5")]
    [InlineData("a b = '''\nc = = =\n'''\nd = x\n", "1:3", "4:5")]
    [InlineData("a b = \"\"\"\nc \\\"\"\" = =\n\"\"\"\nd = x\n", "1:3", "4:5")]
    [InlineData("a b = [\n  1,\n]\nd = x\n", "1:3", "4:5")]
    [InlineData("a = [\n  \"b\\q\" = 1\n\nd = x\n", "2:5", "2:9", "4:5")]
    [InlineData("a = [\n\"b\\q\" = 1\nd = x\n", "2:3", "2:7", "3:5")]
    [InlineData("a = [\nfoo,\nbar,\n]\nb = x\n", "2:1", "5:5")]
    [InlineData("a = [\nfoo,\n[1\n,2],\n]\nb = x\n", "2:1", "6:5")]
    [InlineData("a = [\n  [foo],\n  1\n]\n  b = x\n", "2:4", "5:7")]
    [InlineData("a = 'x\nb = 1\nc = \"y\nd = 1\n", "1:5", "3:5")]
    public void One_mistake_in_brackets_or_strings_is_one_error(string text, params string[] places) => Assert.Equal(places, Places(text));

    private static string[] Places(string text) => [.. Errors(text).Select(error => error.Split(' ')[0])];
}
