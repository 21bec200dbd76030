using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Commands;

/// <summary>The command line can't be followed; the message is one line for the user, without the program's name. Exit code 2.</summary>
public sealed class UsageException : Exception
{
    private const int LongestEcho = 60;

    /// <summary>A complaint without words.</summary>
    public UsageException()
    {
    }

    /// <summary>A complaint in one line.</summary>
    public UsageException(string message)
        : base(message)
    {
    }

    /// <summary>A complaint in one line and where it came from.</summary>
    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// The user's words fit to be repeated in one line: control characters, which could forge lines or move the cursor,
    /// become question marks; what is long is cut.
    /// </summary>
    public static string Echo(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Length == 0)
        {
            return "''";
        }

        return words.Length > LongestEcho ? SingleLine.Of(words[..LongestEcho]) + "..." : SingleLine.Of(words);
    }
}
