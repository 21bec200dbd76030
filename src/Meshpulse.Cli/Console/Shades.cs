namespace Meshpulse.Cli.Console;

/// <summary>The colours of a terminal (ECMA-48 section 8.3.117, SGR).</summary>
internal static class Shades
{
    public const string Yellow = "\e[33m";
    public const string Red = "\e[31m";
    public const string Plain = "\e[0m";

    /// <summary>The text in a colour; as it is where there is none.</summary>
    public static string Paint(string text, string? shade) => shade is null || text.Length == 0 ? text : shade + text + Plain;
}
