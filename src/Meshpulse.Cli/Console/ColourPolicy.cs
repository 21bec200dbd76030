namespace Meshpulse.Cli.Console;

/// <summary>Whether output is coloured (no-color.org, bixense.com/clicolors).</summary>
public static class ColourPolicy
{
    /// <summary>
    /// NO_COLOR, where not empty, forbids; CLICOLOR_FORCE, where neither empty nor 0, demands; otherwise a terminal that is
    /// not dumb gets colours, unless CLICOLOR is 0.
    /// </summary>
    /// <param name="isTerminal">Whether standard output is a terminal.</param>
    /// <param name="environment">Gives the value of an environment variable, null where it isn't set.</param>
    public static bool IsOn(bool isTerminal, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (!string.IsNullOrEmpty(environment("NO_COLOR")))
        {
            return false;
        }

        if (environment("CLICOLOR_FORCE") is not (null or "" or "0"))
        {
            return true;
        }

        return isTerminal && environment("TERM") != "dumb" && environment("CLICOLOR") != "0";
    }
}
