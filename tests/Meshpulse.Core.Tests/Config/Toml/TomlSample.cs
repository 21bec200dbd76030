using System.Text;
using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>Short ways to parse a text in a test.</summary>
internal static class TomlSample
{
    public const string FileName = "sample.toml";

    /// <summary>The root of a text that must be sound.</summary>
    public static TomlTable Root(string text)
    {
        var result = Parse(text);
        Assert.True(result.Root is not null, string.Join('\n', result.Errors));
        Assert.Empty(result.Errors);
        return result.Root;
    }

    /// <summary>The value of the key <c>a</c> in a text that must be sound.</summary>
    public static TomlValue Value(string value) => Root($"a = {value}\n")["a"]!;

    /// <summary>The mistakes of a text that must have some, as <c>LINE:COLUMN message</c>.</summary>
    public static string[] Errors(string text, TomlLimits? limits = null)
    {
        var result = Parse(text, limits);
        Assert.Null(result.Root);
        Assert.NotEmpty(result.Errors);
        Assert.All(result.Errors, error => Assert.True(IsWithin(Encoding.UTF8.GetBytes(text), error.Position), error.ToString()));
        return [.. result.Errors.Select(error => $"{error.Line}:{error.Column} {error.Message}")];
    }

    /// <summary>Parses a text, and holds the parser to its bound of work.</summary>
    public static TomlParseResult Parse(string text, TomlLimits? limits = null) => Parse(Encoding.UTF8.GetBytes(text), limits);

    /// <inheritdoc cref="Parse(string, TomlLimits?)" />
    public static TomlParseResult Parse(byte[] utf8, TomlLimits? limits = null)
    {
        var result = TomlParser.Parse(utf8, FileName, limits);
        Assert.True(result.Steps <= 10L * utf8.Length, $"{result.Steps} steps for {utf8.Length} bytes");
        return result;
    }

    /// <summary>True where the position names a character of the document or the place just behind its last one on a line.</summary>
    public static bool IsWithin(byte[] utf8, TomlPosition position)
    {
        var start = 0;
        for (var line = 1; line < position.Line; line++)
        {
            var newline = Array.IndexOf(utf8, (byte)'\n', start);
            if (newline < 0)
                return false;
            start = newline + 1;
        }

        var end = Array.IndexOf(utf8, (byte)'\n', start);
        var points = utf8[start..(end < 0 ? utf8.Length : end)].Count(octet => (octet & 0xC0) != 0x80);
        return position.Line >= 1 && position.Column >= 1 && position.Column <= points + 1;
    }
}
