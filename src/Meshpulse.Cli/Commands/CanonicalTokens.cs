using System.CommandLine;

namespace Meshpulse.Cli.Commands;

/// <summary>
/// Puts a command line into the one form that System.CommandLine reads without surprises: <c>--name</c> or
/// <c>--name=value</c> for each option, then <c>--</c>, then the operands.
///
/// <para>Read directly, it takes a first operand such as <c>[2001:db8::7]</c> for a directive and drops it, an unknown
/// <c>--option</c> for an operand, the <c>z</c> of <c>-qz</c> and the <c>true</c> of <c>--quiet=true</c> for operands too: a
/// misspelt option would become a server that never answers. The rules here are getopt's (POSIX, "Utility Syntax
/// Guidelines"): an option that needs a value takes what follows, whatever it looks like; <c>--</c> ends the options.</para>
/// </summary>
internal sealed class CanonicalTokens
{
    private readonly Dictionary<string, Option> _options = new(StringComparer.Ordinal);
    private readonly List<string> _spellings = [];
    private readonly List<string> _result = [];
    private readonly List<string> _operands = [];
    private readonly Dictionary<Option, string> _written = [];
    private readonly string _invokedAs;

    private CanonicalTokens(Command command, string invokedAs)
    {
        _invokedAs = invokedAs;
        foreach (var option in command.Options)
        {
            foreach (var spelling in option.Aliases.Prepend(option.Name))
            {
                _options[spelling] = option;
                _spellings.Add(spelling);
            }
        }
    }

    /// <summary>The tokens for the parser.</summary>
    public IReadOnlyList<string> Tokens => [.. _result, "--", .. _operands];

    /// <summary>How the user spelt an option when it was last given; its name where it wasn't.</summary>
    public string Spelling(Option option) => _written.GetValueOrDefault(option, option.Name);

    /// <summary>True where an option was given.</summary>
    public bool IsGiven(Option option) => _written.ContainsKey(option);

    /// <summary>Reads the arguments of a command.</summary>
    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public static CanonicalTokens Of(Command command, IReadOnlyList<string> arguments, string invokedAs)
    {
        var tokens = new CanonicalTokens(command, invokedAs);
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var word))
        {
            if (word == "--")
            {
                tokens._operands.AddRange(rest);
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                tokens.AddLong(word, rest);
            }
            else if (word is ['-', _, ..])
            {
                tokens.AddBundle(word, rest);
            }
            else
            {
                tokens._operands.Add(word);
            }
        }

        return tokens;
    }

    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0;

    private void AddLong(string word, Queue<string> rest)
    {
        var equals = word.IndexOf('=');
        var spelling = equals < 0 ? word : word[..equals];
        var option = Known(spelling, word);
        if (TakesValue(option))
        {
            Add(option, spelling, equals < 0 ? Next(option, spelling, rest) : word[(equals + 1)..]);
        }
        else if (equals < 0)
        {
            Add(option, spelling, null);
        }
        else
        {
            throw new UsageException($"{UsageException.Echo(word)}: {spelling} takes no value");
        }
    }

    private void AddBundle(string word, Queue<string> rest)
    {
        // -ping is more likely a slip for --ping than the ping interval "ing".
        if (word.Length > 2 && _options.ContainsKey("-" + word.Split('=')[0]))
        {
            throw Unknown(word, word);
        }

        for (var i = 1; i < word.Length; i++)
        {
            var spelling = "-" + word[i];
            var option = Known(spelling, word);
            if (TakesValue(option))
            {
                var value = word[(i + 1)..];
                Add(option, spelling, value.Length == 0 ? Next(option, spelling, rest) : value.StartsWith('=') ? value[1..] : value);
                return;
            }

            Add(option, spelling, null);
        }
    }

    private static string Next(Option option, string spelling, Queue<string> rest) => rest.TryDequeue(out var value) ? value : throw Missing(option, spelling);

    private static UsageException Missing(Option option, string spelling) => new($"{spelling}: a value is missing; it is {option.Description}");

    private void Add(Option option, string spelling, string? value)
    {
        if (value is { Length: 0 })
        {
            // One that may do without is as if it had not been given: "$VARIABLE" of a script may be empty.
            if (option.Arity.MinimumNumberOfValues == 0)
            {
                return;
            }

            throw Missing(option, spelling);
        }

        _written[option] = spelling;
        _result.Add(value is null ? option.Name : $"{option.Name}={value}");
    }

    private Option Known(string spelling, string word) =>
        _options.TryGetValue(spelling, out var option) ? option : throw Unknown(spelling, word);

    private UsageException Unknown(string spelling, string word)
    {
        var shown = UsageException.Echo(spelling) + (word.StartsWith(spelling, StringComparison.Ordinal) ? "" : $" in {UsageException.Echo(word)}");
        var nearest = NearestOption.Find(spelling.Split('=')[0], _spellings);
        return new UsageException(nearest is null
            ? $"{shown}: no such option; {_invokedAs} --help lists them"
            : $"{shown}: no such option; did you mean {nearest}?");
    }
}
