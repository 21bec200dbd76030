namespace Meshpulse.Cli.Console;

/// <summary>Text from elsewhere (names, addresses, output of programs) that stays in its line and leaves the terminal alone.</summary>
internal static class SingleLine
{
    /// <summary>
    /// The text with a question mark for each control character, line separator and change of writing direction: these could forge
    /// further lines, move the cursor, or show words in another order than they stand in.
    /// </summary>
    public static string Of(string text)
    {
        foreach (var c in text)
        {
            if (Disturbs(c))
            {
                return string.Create(text.Length, text, static (target, source) =>
                {
                    for (var i = 0; i < target.Length; i++)
                    {
                        target[i] = Disturbs(source[i]) ? '?' : source[i];
                    }
                });
            }
        }

        return text;
    }

    private static bool Disturbs(char c) =>
        char.IsControl(c) || c is '\uFEFF' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
