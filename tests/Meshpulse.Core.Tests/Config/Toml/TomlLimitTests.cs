using System.Globalization;
using System.Text;
using Meshpulse.Core.Config.Toml;
using static Meshpulse.Core.Tests.Config.Toml.TomlSample;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>Hostile documents: each is parsed within the bound of work that <see cref="TomlSample.Parse(string, TomlLimits?)"/> asserts.</summary>
public sealed class TomlLimitTests
{
    private const int Much = 1 << 20;

    [Theory]
    [InlineData("[", "1:3 a key is missing")]
    [InlineData("{", "1:1 a key is missing")]
    [InlineData("\"", "1:1 a key stands on one line")]
    [InlineData("'", "1:1 a key stands on one line")]
    [InlineData("a.", "1:259 tables and arrays nest more than 128 deep here")]
    [InlineData("a", "1:1048577 '=' is missing")]
    [InlineData(" a\t.", "1:518 tables and arrays nest more than 128 deep here")]
    [InlineData("\\", "1:1 a key is missing")]
    [InlineData("]", "1:1 a key is missing")]
    [InlineData("\r", "1:1 a key is missing")]
    [InlineData("a = [", "1:6 'a' is no value")]
    [InlineData("a = {", "1:645 tables and arrays nest more than 128 deep here")]
    [InlineData("a={a=", "1:6 'a' is no value")]
    public void A_megabyte_of_the_same_is_refused(string unit, string expected)
    {
        var errors = Errors(Repeated(unit));
        Assert.StartsWith(expected, errors[0], StringComparison.Ordinal);
        Assert.InRange(errors.Length, 1, 101);
    }

    [Theory]
    [InlineData("a = ", "[", "1:133 tables and arrays nest more than 128 deep here")]
    [InlineData("a = ", "{a=", "1:389 tables and arrays nest more than 128 deep here")]
    [InlineData("a = ", "[{a=", "1:261 tables and arrays nest more than 128 deep here")]
    [InlineData("a = ", "\"", "1:13 the line should end here")]
    [InlineData("a = ", "9", "1:5 '9999999999999999999999999999999999999999...' is no number: integers go from")]
    [InlineData("a = ", "_", "1:5 '________________________________________...' is no value")]
    [InlineData("a = 1", "_", "1:5 '1_______________________________________...' is no number: an underscore")]
    [InlineData("a = \"\"\"", "\"\" ", "1:5 this string is not closed")]
    [InlineData("a = \"\"\"\\", " ", "1:5 this string is not closed")]
    [InlineData("a = \"\"\"", "\\ ", "1:8 \\ before ' ' is no escape")]
    [InlineData("a = \"\"\"", "\\\n", "1:5 this string is not closed")]
    [InlineData("a = \"", "\\u", "1:6 \\u needs 4 hexadecimal digits, here are 0")]
    [InlineData("a = [", "1,", "1:500004 the file holds more than 250000 values")]
    [InlineData("a = [", "\n", "1048577:1 a ',' or the array's ']' is missing")]
    [InlineData("a = [", "x\n", "1:6 'x' is no value")]
    [InlineData("a = [", "\nx = [", "2:1 'x' is no value")]
    [InlineData("[", "a.", "1:260 tables and arrays nest more than 128 deep here")]
    [InlineData("a b [", "\n'''", "1:3 '=' is missing")]
    [InlineData("a b [", "\n\"x'", "1:3 '=' is missing")]
    [InlineData("a b [", "\n[[[[", "1:3 '=' is missing")]
    public void A_megabyte_behind_a_start_is_refused(string start, string unit, string expected)
    {
        var errors = Errors(start + Repeated(unit));
        Assert.StartsWith(expected, errors[0], StringComparison.Ordinal);
        Assert.InRange(errors.Length, 1, 101);
    }

    [Fact]
    public void Thousands_of_tables_keys_and_elements_are_read()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 10_000; i++)
            text.Append(CultureInfo.InvariantCulture, $"[t{i}.a.b]\nk{i} = {i}\n[[array.of.tables]]\nx.y.z = [{i}, {i}]\n");
        var root = Root(text.ToString());
        Assert.Equal(10_001, root.Entries.Count);
        var of = Assert.IsType<TomlTable>(Assert.IsType<TomlTable>(root["array"])["of"]);
        Assert.Equal(10_000, Assert.IsType<TomlArray>(of["tables"]).Items.Count);
    }

    [Fact]
    public void One_long_line_of_many_values_is_read() =>
        Assert.Equal(200_000, Assert.IsType<TomlArray>(Value($"[{string.Join(',', Enumerable.Repeat("1", 200_000))}]")).Items.Count);

    [Fact]
    public void A_long_string_key_and_comment_are_read()
    {
        var much = Repeated("x");
        var entry = Assert.Single(Root($"{much} = \"{much}\" # {much}").Entries);
        Assert.Equal(much, entry.Name);
        Assert.Equal(much, Assert.IsType<TomlString>(entry.Value).Value);
    }

    [Fact]
    public void Every_line_wrong_gives_no_more_errors_than_the_bound()
    {
        var errors = Errors(string.Concat(Enumerable.Repeat("x\n", 1000)), new TomlLimits { MaxErrors = 7 });
        Assert.Equal(8, errors.Length);
        Assert.Equal("7:2 reading stopped here, after 7 errors", errors[^1]);
        Assert.Equal(101, Errors(string.Concat(Enumerable.Repeat("x\n", 1000))).Length);
    }

    [Theory]
    [InlineData("a = [[[1]]]", true)]
    [InlineData("a = [[[[]]]]", false)]
    [InlineData("a = {b = {c = {}}}", true)]
    [InlineData("a = {b = {c = {d = {}}}}", false)]
    [InlineData("a = {b.c.d = 1}", true)]
    [InlineData("a = {b.c.d.e = 1}", false)]
    [InlineData("a.b.c.d = 1", true)]
    [InlineData("a.b.c.d.e = 1", false)]
    [InlineData("a.b.c.d = []", false)]
    [InlineData("[a.b.c]\nd = 1", true)]
    [InlineData("[a.b.c.d]", false)]
    [InlineData("[a.b.c]\nd.e = 1", false)]
    [InlineData("[a.b.c]\nd = {}", false)]
    [InlineData("[a]\n[[a.b]]", true)]
    [InlineData("[a.b]\n[[a.b.c]]", false)]
    [InlineData("[[a]]\nb = [1]", true)]
    [InlineData("[[a]]\nb = [[]]", false)]
    [InlineData("[[a]]\n[a.b.c]", false)]
    public void Nesting_is_bounded_however_it_is_written(string text, bool allowed)
    {
        var result = Parse(text, new TomlLimits { MaxDepth = 3 });
        Assert.Equal(allowed, result.Root is not null);
        Assert.All(result.Errors, error => Assert.Equal("tables and arrays nest more than 3 deep here", error.Message));
    }

    [Fact]
    public void The_deepest_nesting_that_can_be_allowed_fits_the_stack()
    {
        var limits = new TomlLimits { MaxDepth = TomlLimits.DeepestDepth };
        var deep = TomlLimits.DeepestDepth / 2;
        var text = $"a = {string.Concat(Enumerable.Repeat("[{a = ", deep))}1{string.Concat(Enumerable.Repeat("}]", deep))}";
        Assert.NotNull(Parse(text, limits).Root);
        Assert.NotNull(Parse($"a = {new string('[', 2 * deep)}{new string(']', 2 * deep)}", limits).Root);
    }

    [Theory]
    [InlineData("a = 1\nb = 2\nc = 3", true)]
    [InlineData("a = 1\nb = 2\nc = 3\nd = 4", false)]
    [InlineData("a = [1, 2]", true)]
    [InlineData("a = [1, 2, 3]", false)]
    [InlineData("[a]\n[b]\n[c]", true)]
    [InlineData("[a.b.c.d]", false)]
    [InlineData("[[a]]\n[[a]]", true)]
    [InlineData("[[a]]\n[[a]]\n[[a]]", false)]
    [InlineData("a = {b = {c = 1}}", true)]
    [InlineData("a = {b = {c = 1, d = 2}}", false)]
    public void The_count_of_values_is_bounded(string text, bool allowed)
    {
        var result = Parse(text, new TomlLimits { MaxValues = 3 });
        Assert.Equal(allowed, result.Root is not null);
        Assert.All(result.Errors, error => Assert.Equal("the file holds more than 3 values", error.Message));
        Assert.Equal(allowed ? 0 : 1, result.Errors.Count);
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused_unread()
    {
        var limits = new TomlLimits { MaxBytes = 5 };
        Assert.NotNull(Parse("a = 1", limits).Root);
        var result = Parse("a = 10", limits);
        Assert.Equal("sample.toml:1:1: the file has 6 bytes; no more than 5 are read", Assert.Single(result.Errors).ToString());
        Assert.Equal(0, result.Steps);
    }

    [Fact]
    public void Bounds_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TomlLimits { MaxDepth = TomlLimits.DeepestDepth + 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TomlLimits { MaxDepth = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TomlLimits { MaxBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TomlLimits { MaxValues = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TomlLimits { MaxErrors = 0 });
    }

    private static string Repeated(string unit) => string.Concat(Enumerable.Repeat(unit, Much / unit.Length));
}
