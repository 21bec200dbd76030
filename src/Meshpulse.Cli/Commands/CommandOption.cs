using System.CommandLine;

namespace Meshpulse.Cli.Commands;

/// <summary>The forms that options have here.</summary>
internal static class CommandOption
{
    /// <summary>One that takes a value, and may be given again: the last one holds, so that a script's options can be overridden behind them.</summary>
    /// <param name="name">As in <c>--bind</c>.</param>
    /// <param name="description">What its value is, for when it is missing.</param>
    /// <param name="aliases">Its short form.</param>
    public static Option<string[]> Value(string name, string description, params string[] aliases) =>
        new(name, aliases) { Arity = ArgumentArity.OneOrMore, Description = description };

    /// <summary>The same, of which an empty value is none.</summary>
    public static Option<string[]> OptionalValue(string name, string description, params string[] aliases) =>
        new(name, aliases) { Arity = ArgumentArity.ZeroOrMore, Description = description };

    /// <summary>One that is given or not.</summary>
    public static Option<bool> Flag(string name, params string[] aliases) => new(name, aliases) { Arity = ArgumentArity.Zero };
}
