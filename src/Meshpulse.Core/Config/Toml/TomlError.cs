namespace Meshpulse.Core.Config.Toml;

/// <summary>A mistake in a file: where it is, what is wrong and, as far as that can be known, what would be right.</summary>
/// <param name="Position">Where the mistake stands; within the file or just behind its last character.</param>
/// <param name="Message">One line for people, without the place.</param>
public sealed record TomlError(TomlPosition Position, string Message)
{
    /// <summary>The line, from 1.</summary>
    public int Line => Position.Line;

    /// <summary>The column, from 1, in Unicode code points.</summary>
    public int Column => Position.Column;

    /// <summary><c>FILE:LINE:COLUMN: message</c>.</summary>
    public override string ToString() => $"{Position}: {Message}";
}
