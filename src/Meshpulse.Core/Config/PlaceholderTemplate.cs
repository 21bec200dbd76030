using System.Collections.Immutable;
using System.Text;

namespace Meshpulse.Core.Config;

/// <summary>
/// A text with placeholders. Only what begins with <c>{{server.</c> is one: <c>docker ps --format '{{.Names}}'</c> stays as it is.
/// Values are put in once and never looked at again, so a value that looks like a placeholder is no placeholder.
/// </summary>
public sealed class PlaceholderTemplate
{
    private const string Open = "{{";
    private const string Close = "}}";

    // With its braces. Without a bound, a text of many open braces would be searched to its end for each.
    private const int Longest = 64;

    private static readonly (Placeholder Placeholder, string Name)[] s_known = [.. Placeholder.All.Select(p => (p, p.ToString()))];

    private readonly List<(string Before, Placeholder? Then)> _parts = [];

    private PlaceholderTemplate(string text) => Text = text;

    /// <summary>The text as written.</summary>
    public string Text { get; }

    /// <summary>The placeholders in it, each once.</summary>
    public ImmutableArray<Placeholder> Placeholders => [.. _parts.Select(part => part.Then).OfType<Placeholder>().Distinct()];

    /// <summary>What begins like a placeholder and is none, as in <c>server.to.extra4</c>; it stays in the text.</summary>
    public ImmutableArray<string> Unknown { get; private set; } = [];

    /// <summary>Takes a text apart; any text is a template.</summary>
    public static PlaceholderTemplate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var template = new PlaceholderTemplate(text);
        var unknown = new List<string>();
        var done = 0;
        for (var open = Next(text, 0); open >= 0; open = Next(text, open + 1))
        {
            var close = text.IndexOf(Close, open, Math.Min(Longest, text.Length - open), StringComparison.Ordinal);
            if (close < 0)
                continue;
            var name = text[(open + Open.Length)..close].Trim();
            if (Find(name) is { } found)
            {
                template._parts.Add((text[done..open], found));
                done = close + Close.Length;
                open = done - 1;
            }
            else if (name.StartsWith(Placeholder.Root, StringComparison.Ordinal))
            {
                unknown.Add(name);
            }
        }

        template.Unknown = [.. unknown.Distinct()];
        template._parts.Add((text[done..], null));
        return template;
    }

    /// <summary>The text with values in place of the placeholders.</summary>
    /// <param name="valueOf">Gives the value as it has to stand in the text: for a shell, quoted.</param>
    public string Expand(Func<Placeholder, string> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        var text = new StringBuilder();
        foreach (var (before, then) in _parts)
            text.Append(before).Append(then is { } placeholder ? valueOf(placeholder) : "");
        return text.ToString();
    }

    // Of {{{ the last two braces count.
    private static int Next(string text, int from)
    {
        var open = from <= text.Length ? text.IndexOf(Open, from, StringComparison.Ordinal) : -1;
        while (open >= 0 && open + Open.Length < text.Length && text[open + Open.Length] == '{')
            open++;
        return open;
    }

    private static Placeholder? Find(string name)
    {
        foreach (var (placeholder, known) in s_known)
        {
            if (known == name)
                return placeholder;
        }

        return null;
    }
}
