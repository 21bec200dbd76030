using System.Globalization;

namespace Meshpulse.Cli.Console;

/// <summary>Lines of the form <c>HH:mm:ss [ADDRESS] text</c>, the address right-aligned in 15 columns.</summary>
public static class EventLine
{
    /// <summary>The columns of an address; the longest IPv4 address fits. A longer one widens its own line only.</summary>
    public const int AddressWidth = 15;

    /// <summary>
    /// One line with its line feed. Control characters in the text, which could forge further lines, become question marks.
    /// </summary>
    /// <param name="time">The time of day to be shown, in whatever zone the caller shows.</param>
    /// <param name="address">The peer; empty where the event concerns none.</param>
    /// <param name="text">What happened.</param>
    public static string Format(TimeOnly time, string address, string text)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(text);
        return string.Create(CultureInfo.InvariantCulture, $"{time:HH':'mm':'ss} [{address,AddressWidth}] {SingleLine.Of(text)}\n");
    }
}
