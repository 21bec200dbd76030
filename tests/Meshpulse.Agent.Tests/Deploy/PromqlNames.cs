using System.Text.RegularExpressions;

namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>
/// Which series and labels an expression of PromQL names. Not a parser: whether an expression is one is promtool's affair. It
/// needs to know only where a name is that of a series, of a function, of an aggregation or of a label.
/// </summary>
internal sealed partial class PromqlNames
{
    private static readonly HashSet<string> s_groupings = ["by", "without", "on", "ignoring", "group_left", "group_right"];

    private static readonly HashSet<string> s_words =
    [
        "and", "or", "unless", "bool", "offset", "sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values", "bottomk", "topk", "quantile",
    ];

    private readonly List<string> _tokens;
    private int _at;

    private PromqlNames(string text)
    {
        _tokens = [.. Token().Matches(text).Select(m => m.Value)];
        while (_at < _tokens.Count)
        {
            Step();
        }
    }

    public List<PromqlSelector> Selectors { get; } = [];

    /// <summary>Labels that are grouped, joined on, or taken apart.</summary>
    public HashSet<string> Labels { get; } = [];

    /// <summary>Labels that the expression makes itself.</summary>
    public HashSet<string> Made { get; } = [];

    public static PromqlNames Read(string text) => new(text);

    private void Step()
    {
        var token = _tokens[_at++];
        if (token == "{")
        {
            AddNameless(ReadMatchers());
        }
        else if (token[0] == '"')
        {
            ReadReplacement(token);
        }
        else if (s_groupings.Contains(token))
        {
            ReadLabels();
        }
        else if (IsName(token) && !s_words.Contains(token) && Next != "(")
        {
            var matchers = Next == "{" ? ReadMatchersAfterBrace() : [];
            Selectors.Add(new PromqlSelector(token, matchers));
        }
    }

    private string Next => _at < _tokens.Count ? _tokens[_at] : "";

    private List<(string Label, string Operator, string Value)> ReadMatchersAfterBrace()
    {
        _at++;
        return ReadMatchers();
    }

    private List<(string Label, string Operator, string Value)> ReadMatchers()
    {
        var matchers = new List<(string, string, string)>();
        while (Next != "}")
        {
            var (label, compare, value) = (_tokens[_at], _tokens[_at + 1], _tokens[_at + 2]);
            Assert.True(IsName(label) && value[0] == '"', $"{label} {compare} {value}");
            matchers.Add((label, compare, value[1..^1]));
            _at += 3;
            if (Next == ",")
            {
                _at++;
            }
        }

        _at++;
        return matchers;
    }

    /// <summary><c>{__name__=~"a|b"}</c>: each of them.</summary>
    private void AddNameless(List<(string Label, string Operator, string Value)> matchers)
    {
        var rest = matchers.Where(m => m.Label != "__name__").ToList();
        Selectors.AddRange(matchers.Single(m => m.Label == "__name__").Value.Split('|').Select(name => new PromqlSelector(name, rest)));
    }

    private void ReadLabels()
    {
        if (Next != "(")
        {
            return;
        }

        for (_at++; Next != ")"; _at++)
        {
            if (Next != ",")
            {
                Labels.Add(Next);
            }
        }

        _at++;
    }

    /// <summary>The four strings at the end of a label_replace: the new label, what it becomes, the old label, the pattern.</summary>
    private void ReadReplacement(string first)
    {
        if (_at + 6 <= _tokens.Count && new[] { 1, 3, 5 }.All(i => _tokens[_at + i][0] == '"'))
        {
            Made.Add(first[1..^1]);
            if (_tokens[_at + 3] != "\"\"")
            {
                Labels.Add(_tokens[_at + 3][1..^1]);
            }

            _at += 6;
        }
    }

    private static bool IsName(string token) => char.IsAsciiLetter(token[0]) || token[0] is '_' or ':';

    [GeneratedRegex("\"([^\"\\\\]|\\\\.)*\"|[$]?[A-Za-z_:][A-Za-z0-9_:]*|[0-9][0-9a-z.]*|=~|!~|!=|==|<=|>=|[^ \\n]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
