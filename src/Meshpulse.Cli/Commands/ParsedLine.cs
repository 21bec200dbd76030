using System.CommandLine;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>A command line of the right form: which options were given, how they were spelt, and the texts behind them.</summary>
internal sealed class ParsedLine
{
    private readonly CanonicalTokens _tokens;
    private readonly ParseResult _parsed;
    private readonly Argument<string[]> _operands;

    private ParsedLine(CanonicalTokens tokens, ParseResult parsed, Argument<string[]> operands) => (_tokens, _parsed, _operands) = (tokens, parsed, operands);

    /// <summary>What stands beside the options.</summary>
    public IReadOnlyList<string> Operands => _parsed.GetValue(_operands) ?? [];

    /// <summary>Reads the line's form; what values mean is for others to look at.</summary>
    /// <param name="options">The options that there are.</param>
    /// <param name="arguments">The line without the command's name.</param>
    /// <param name="invokedAs">What <c>--help</c> is asked of.</param>
    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public static ParsedLine Of(IEnumerable<Option> options, IReadOnlyList<string> arguments, string invokedAs)
    {
        var operands = new Argument<string[]>("WORD") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(InvocationName.Default) { operands };
        foreach (var option in options)
        {
            command.Add(option);
        }

        var tokens = CanonicalTokens.Of(command, arguments, invokedAs);

        // Without a replacer: @name is no file of arguments.
        var parsed = command.Parse(tokens.Tokens, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parsed.Errors is [var error, ..] ? throw new UsageException(UsageException.Echo(error.Message)) : new ParsedLine(tokens, parsed, operands);
    }

    /// <summary>True where the flag was given.</summary>
    public bool Has(Option<bool> flag) => _parsed.GetValue(flag);

    /// <summary>True where the option was given, whatever its form.</summary>
    public bool IsGiven(Option option) => _tokens.IsGiven(option);

    /// <summary>How the user spelt an option when it was last given; its name where it wasn't.</summary>
    public string Spelling(Option option) => _tokens.Spelling(option);

    /// <summary>All values of an option.</summary>
    public IReadOnlyList<string> All(Option<string[]> option) => _parsed.GetValue(option) ?? [];

    /// <summary>The value that holds; null where the option was not given.</summary>
    public string? Last(Option<string[]> option) => All(option) is [.., var last] ? last : null;

    /// <summary>The value as a number of milliseconds; null where the option was not given.</summary>
    /// <exception cref="UsageException">It is not such a number.</exception>
    public Duration? Milliseconds(Option<string[]> option, NumberRange range) => Scaled(option, range, 1_000_000);

    /// <summary>The value as a number of seconds; null where the option was not given.</summary>
    /// <exception cref="UsageException">It is not such a number.</exception>
    public Duration? Seconds(Option<string[]> option, NumberRange range) => Scaled(option, range, 1_000_000_000);

    private Duration? Scaled(Option<string[]> option, NumberRange range, long nanoseconds) =>
        Last(option) is { } text ? new Duration((long)(range.Read(Spelling(option), text) * nanoseconds)) : null;
}
