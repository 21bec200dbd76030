using Meshpulse.Core.Config.Toml;
using static Meshpulse.Core.Tests.Config.Toml.TomlSample;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>Which line may define or extend which table.</summary>
public sealed class TomlDefinitionTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("# only a comment", "{}")]
    [InlineData("[a]", "{a:{}}")]
    [InlineData("[ a . 'b' ] # c\nx = 1", "{a:{b:{x:1}}}")]
    [InlineData("[a.b]\nx = 1\n[a]\ny = 2", "{a:{b:{x:1},y:2}}")]
    [InlineData("[a]\ny = 2\n[a.b]\nx = 1", "{a:{y:2,b:{x:1}}}")]
    [InlineData("[a.b.c]\n[a.b]\n[a]", "{a:{b:{c:{}}}}")]
    [InlineData("[a.b]\n[c]\n[a.d]", "{a:{b:{},d:{}},c:{}}")]
    [InlineData("a.b = 1\na.c.d = 2\nx = 3\na.c.e = 4", "{a:{b:1,c:{d:2,e:4}},x:3}")]
    [InlineData("a.b = 1\n[a.c]\nd = 2", "{a:{b:1,c:{d:2}}}")]
    [InlineData("[f]\na.c = 1\n[f.a.t]\ns = 2", "{f:{a:{c:1,t:{s:2}}}}")]
    [InlineData("[f]\na.c = 1\n[[f.a.s]]\n[[f.a.s]]", "{f:{a:{c:1,s:[{},{}]}}}")]
    [InlineData("[a.b.c]\n[a]\nb.d = 1", "{a:{b:{c:{},d:1}}}")]
    [InlineData("[[a]]", "{a:[{}]}")]
    [InlineData("[[ a ]]\nx = 1\n[[a]]\nx = 2", "{a:[{x:1},{x:2}]}")]
    [InlineData("[[a.b]]\n[[a.b]]\n[a]\nc = 1", "{a:{b:[{},{}],c:1}}")]
    [InlineData("[[a]]\n[a.b]\nx = 1\n[[a]]\n[a.b]\nx = 2", "{a:[{b:{x:1}},{b:{x:2}}]}")]
    [InlineData("[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\n[[a]]\n[[a.b]]", "{a:[{b:[{x:1},{}]},{b:[{}]}]}")]
    [InlineData("[[a]]\nb.c = 1\n[[a]]\nb.c = 2", "{a:[{b:{c:1}},{b:{c:2}}]}")]
    [InlineData("[[a.b]]\n[a.b.c]\n[a.b.d]", "{a:{b:[{c:{},d:{}}]}}")]
    [InlineData("[a]\nb = { c.d = 1 }\nx.y = {}", "{a:{b:{c:{d:1}},x:{y:{}}}}")]
    [InlineData("[a]\n[b]\na.x = 1", "{a:{},b:{a:{x:1}}}")]
    public void What_the_rules_allow_is_built(string text, string expected) => Assert.Equal(expected, Show(Root(text)));

    [Theory]
    [InlineData("[a]\n[a]", "2:2 the table 'a' is given twice: its header stands at line 1 already")]
    [InlineData("[a.b]\n[a]\n\n[a]", "4:2 the table 'a' is given twice: its header stands at line 2 already")]
    [InlineData("[a.b]\n[a]\n[a.b]", "3:4 the table 'b' is given twice: its header stands at line 1 already")]
    [InlineData("a = 1\n[a]", "2:2 'a' is an integer since line 1 already, so no header can define it")]
    [InlineData("a = 1\n[a.b]", "2:2 'a' is an integer since line 1 already; it cannot hold 'b'")]
    [InlineData("a = {}\n[a]", "2:2 'a' is an inline table since line 1 already, so no header can define it")]
    [InlineData("a = {}\n[a.b]", "2:2 'a' is an inline table since line 1 already; its braces closed it")]
    [InlineData("a = { b.c = 1 }\n[a.b.d]", "2:2 'a' is an inline table since line 1 already; its braces closed it")]
    [InlineData("a.b = { }\na.b.c = 1", "2:3 'b' is an inline table since line 1 already; its braces closed it")]
    [InlineData("a.b = 1\n[a]", "2:2 'a' is a table since line 1 already, so no header can define it")]
    [InlineData("a.b.c = 1\n[a.b]", "2:4 'b' is a table since line 1 already, so no header can define it")]
    [InlineData("a.b = 1\n[[a]]", "2:3 'a' is a table since line 1 already, so [[...]] cannot add to it")]
    [InlineData("[a.b.c]\nx = 1\n[a]\nb.c.y = 2", "4:3 'c' is a table since line 1 already; write the key under its header")]
    [InlineData("[a.b]\n[a]\nb.c = 1", "3:1 'b' is a table since line 1 already; write the key under its header")]
    [InlineData("[a.b.c]\n[a]\nb.d = 1\n[a.b]", "4:4 'b' is a table since line 1 already, so no header can define it")]
    [InlineData("[a]\nb = 1\nb.c = 2", "3:1 'b' is an integer since line 2 already; it cannot hold 'c'")]
    [InlineData("[a]\nb.c = 1\nb = 2", "3:1 'b' is a table since line 2 already, so it cannot be given a value")]
    [InlineData("[a.b]\n[a]\nb = 1", "3:1 'b' is a table since line 1 already, so it cannot be given a value")]
    [InlineData("[a]\nb = 1\n[a.b]", "3:4 'b' is an integer since line 2 already, so no header can define it")]
    [InlineData("[[a]]\n[a]", "2:2 'a' is an array of tables since line 1 already, so no header can define it")]
    [InlineData("[a]\n[[a]]", "2:3 'a' is a table since line 1 already, so [[...]] cannot add to it")]
    [InlineData("[a.b]\n[[a]]", "2:3 'a' is a table since line 1 already, so [[...]] cannot add to it")]
    [InlineData("[[a.b]]\n[[a]]", "2:3 'a' is a table since line 1 already, so [[...]] cannot add to it")]
    [InlineData("a = []\n[[a]]", "2:3 'a' is an array since line 1 already, so [[...]] cannot add to it")]
    [InlineData("a = [{}]\n[a.b]", "2:2 'a' is an array since line 1 already; it cannot hold 'b'")]
    [InlineData("a = [{}]\n[[a.b]]", "2:3 'a' is an array since line 1 already; it cannot hold 'b'")]
    [InlineData("[[a.b]]\n[a]\nb.c = 1", "3:1 'b' is an array of tables since line 1 already; write the key under the header")]
    [InlineData("[[a.b]]\n[a]\nb = 1", "3:1 'b' is an array of tables since line 1 already, so it cannot be given a value")]
    [InlineData("[[a]]\n[[a.b]]\n[a.b]", "3:4 'b' is an array of tables since line 2 already, so no header can define it")]
    [InlineData("[[a]]\nb = 1\nb = 2", "3:1 a key is given twice: 'b' stands at line 2 already")]
    public void What_the_rules_forbid_is_refused(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Errors(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "1:2 a key is missing")]
    [InlineData("[[]]", "1:3 a key is missing")]
    [InlineData("[a.]", "1:4 a key is missing")]
    [InlineData("[a", "1:3 the header's ] is missing; here is the end of the file")]
    [InlineData("[[a]", "1:4 the header's ]] is missing; here is ']'")]
    [InlineData("[[a] ]", "1:4 the header's ]] is missing; here is ']'")]
    [InlineData("[ [a]]", "1:3 a key is missing")]
    [InlineData("[a]]", "1:4 the line should end here")]
    [InlineData("[a\n]", "1:3 the header's ] is missing; here is the end of the line")]
    [InlineData("[a b]", "1:4 the header's ] is missing; here is 'b'")]
    [InlineData("[a] b = 1", "1:5 the line should end here")]
    [InlineData("[a]=1", "1:4 the line should end here")]
    public void A_wrong_header_is_refused(string text, string expected) => Assert.StartsWith(expected, Errors(text)[0], StringComparison.Ordinal);

    [Fact]
    public void Headers_mark_their_arrays() => Assert.True(Assert.IsType<TomlArray>(Root("[[a]]")["a"]).IsTableArray);

    private static string Show(TomlValue value) => value switch
    {
        TomlTable table => $"{{{string.Join(',', table.Entries.Select(entry => $"{entry.Name}:{Show(entry.Value)}"))}}}",
        TomlArray array => $"[{string.Join(',', array.Items.Select(Show))}]",
        _ => value.ToString()!,
    };
}
