using Meshpulse.Linux.Terminals;

namespace Meshpulse.Cli.Console;

/// <summary>How much a terminal shows at once.</summary>
/// <param name="Columns">Characters in a line, at least 1.</param>
/// <param name="Lines">Lines, at least 1.</param>
public readonly record struct TerminalSize(int Columns, int Lines)
{
    /// <summary>What terminals have had since the VT100; used where the size can't be known.</summary>
    public static TerminalSize Usual => new(80, 24);

    /// <summary>The size of our own terminal at this moment.</summary>
    public static TerminalSize Current() =>
        TerminalWindow.TryGetSize(out var columns, out var lines) ? new TerminalSize(columns, lines) : Usual;
}
