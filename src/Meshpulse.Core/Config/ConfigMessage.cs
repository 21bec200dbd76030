using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Config;

/// <summary>A mistake in a configuration, or a doubt about it: where it is, what is wrong, and what would be right.</summary>
/// <param name="Position">Where it stands in the file.</param>
/// <param name="Message">One line for people, without the place and without control characters.</param>
public sealed record ConfigMessage(TomlPosition Position, string Message)
{
    /// <summary>The line, from 1.</summary>
    public int Line => Position.Line;

    /// <summary>The column, from 1, in Unicode code points.</summary>
    public int Column => Position.Column;

    /// <summary><c>FILE:LINE:COLUMN: message</c>.</summary>
    public override string ToString() => $"{Position}: {Message}";
}
