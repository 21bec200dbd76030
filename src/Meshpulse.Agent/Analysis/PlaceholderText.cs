using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Meshpulse.Agent.Analysis;

/// <summary>
/// Fills the placeholders of a command: <c>{{server.from.ip}}</c>, <c>{{server.to.extra1}}</c> and the like.
/// <para>
/// The problem: values come from a file that tools and colleagues write, and land in a text that a shell runs. The obvious way,
/// to put them in as they are, runs what they contain; to put quotes around them is wrong where the operator has
/// put quotes there already, which nearly every command does. So one has to know how the place is quoted. But bash's grammar
/// is large (a <c>case</c> in a <c>$(...)</c> in a here-document), and a scanner that errs once, with quoting alone, has
/// let a value be read as code.
/// </para>
/// <para>
/// What we do: a value never gets into the command's text. It goes into an environment variable, and the text gets a
/// reference to it, quoted for its place: <c>"${V}"</c> outside quotes, <c>${V}</c> between double quotes, <c>'"${V}"'</c>
/// between single ones. The shell reads the command first and the variable's value after that, and never reads a value
/// as code: where the scanner errs, the tool gets a wrong text, and still nothing is run. Only what can mean nothing but itself
/// at any place (addresses, host names with a dot) is put into the text as it is, so that the ordinary
/// command is readable in reports and in ps(1).
/// </para>
/// <para>
/// The limit of every quoting: a command that hands its text to a second reader (<c>eval</c>, <c>ssh host '...'</c>,
/// <c>bash -c '...'</c>) has it read again. Between the quotes of a local shell, write the variable itself:
/// <c>bash -c 'mtr "$MESHPULSE_SERVER_TO_EXTRA1"'</c>. Arithmetic reads its text again as well, so placeholders are refused there.
/// </para>
/// <para>Zero bytes, which no argument can contain, are left out of values.</para>
/// </summary>
public static class PlaceholderText
{
    private const string VariablePrefix = "MESHPULSE_";
    private const string Root = "server.";

    private static readonly SearchValues<char> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");
    private static readonly SearchValues<char> s_plainCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-%");

    private static readonly ImmutableArray<(string Name, Func<ServerFacts, string?> Value)> s_facts =
    [
        ("ip", s => s.Ip), ("extra1", s => s.Extra1), ("extra2", s => s.Extra2), ("extra3", s => s.Extra3),
        ("name", s => s.Name), ("datacenter", s => s.Datacenter),
    ];

    private static readonly ImmutableArray<string> s_known =
        [.. new[] { "from", "to" }.SelectMany(side => s_facts.Select(f => $"server.{side}.{f.Name}"))];

    /// <summary>The placeholders that there are, without their braces.</summary>
    public static IReadOnlyList<string> Known => s_known;

    /// <summary>
    /// Everything that is wrong with a template, in its order. Two opening braces are a placeholder where <c>server.</c> follows;
    /// other uses (<c>{{.Names}}</c> and <c>{{json}}</c> for docker) are the command's own. A backslash in front makes them so too.
    /// </summary>
    public static IReadOnlyList<PlaceholderError> Validate(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var errors = new List<PlaceholderError>();
        _ = Walk(template, (at, written, name, context) =>
        {
            if (Problem(written, name, context) is { } problem)
            {
                errors.Add(new PlaceholderError(at, problem));
            }

            return written;
        });
        return errors;
    }

    /// <summary>Fills a template that <see cref="Validate"/> finds nothing wrong with; what it does find stays as it is written.</summary>
    /// <param name="further">Variables that the command gets beside those of its placeholders; null for none.</param>
    public static FilledCommand Fill(string template, ServerFacts from, ServerFacts to, IReadOnlyDictionary<string, string>? further = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var values = Values(from, to);
        foreach (var (name, value) in further ?? new Dictionary<string, string>())
        {
            values[name] = value;
        }

        var used = new List<string>();
        var text = Walk(template, (_, written, name, context) =>
        {
            if (Problem(written, name, context) is not null)
            {
                return written;
            }

            var variable = VariableOf(name!);
            var value = values[variable];
            if (IsPlainAnywhere(value))
            {
                return value;
            }

            if (!used.Contains(variable))
            {
                used.Add(variable);
            }

            return Reference(variable, context);
        });
        return new FilledCommand(text, values, used);
    }

    private static Dictionary<string, string> Values(ServerFacts from, ServerFacts to)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in s_facts)
        {
            values[VariableOf($"server.from.{name}")] = Clean(value(from));
            values[VariableOf($"server.to.{name}")] = Clean(value(to));
        }

        return values;
    }

    private static string Clean(string? value) => (value ?? "").Replace("\0", "", StringComparison.Ordinal);

    private static string VariableOf(string name) => VariablePrefix + name.Replace('.', '_').ToUpperInvariant();

    private static string Reference(string variable, ShellContext context) => context switch
    {
        ShellContext.Double => $"${{{variable}}}",
        ShellContext.Single => $"'\"${{{variable}}}\"'",
        ShellContext.AnsiC => $"'\"${{{variable}}}\"$'",
        _ => $"\"${{{variable}}}\"",
    };

    // No reserved word, file descriptor, assignment or pattern has this form, and no character in it is special anywhere.
    private static bool IsPlainAnywhere(string value) =>
        value is { Length: > 1 and <= 255 }
        && (s_letters.Contains(value[0]) || value[0] == ':')
        && !value.AsSpan().ContainsAnyExcept(s_plainCharacters)
        && value.AsSpan().ContainsAny('.', ':');

    private static string? Problem(string written, string? name, ShellContext context)
    {
        if (name is null)
        {
            return "a placeholder is not closed; it is written as in {{server.to.ip}}";
        }

        if (!s_known.Contains(name))
        {
            return $"unknown placeholder {written}; known are {string.Join(", ", s_known)}";
        }

        return context switch
        {
            ShellContext.Arithmetic => $"{written} can't stand between (( and )): the shell would read its value as an expression",
            ShellContext.HereDocument => $"{written} can't stand in a here-document; write ${VariableOf(name)} there",
            _ => null,
        };
    }

    /// <summary>Goes through the template and puts what <paramref name="replace"/> gives into the place of each placeholder; its name is null where it isn't closed.</summary>
    private static string Walk(string template, Func<int, string, string?, ShellContext, string> replace)
    {
        var scanner = new ShellScanner(template);
        var result = new StringBuilder(template.Length);
        for (var at = 0; at < template.Length;)
        {
            if (LengthAt(template, at, out var name) is var written and > 0)
            {
                result.Append(replace(at, template.Substring(at, written), name, scanner.Context));
                at += written;
                continue;
            }

            var length = scanner.Take(at);
            result.Append(template, at, length);
            at += length;
        }

        return result.ToString();
    }

    /// <summary>How long the placeholder at a place is; 0 where none is there, 2 with no name where one is not closed.</summary>
    private static int LengthAt(string template, int at, out string? name)
    {
        name = null;
        var rest = template.AsSpan(at);
        if (!rest.StartsWith("{{", StringComparison.Ordinal))
        {
            return 0;
        }

        var inside = rest[2..].TrimStart();
        if (!inside.StartsWith(Root, StringComparison.Ordinal))
        {
            return 0;
        }

        var length = inside.IndexOfAnyExcept(s_nameCharacters) is var end and >= 0 ? end : inside.Length;
        var behind = inside[length..].TrimStart();
        if (behind.StartsWith("}}", StringComparison.Ordinal))
        {
            name = inside[..length].ToString();
            return rest.Length - behind.Length + 2;
        }

        return 2;
    }
}
