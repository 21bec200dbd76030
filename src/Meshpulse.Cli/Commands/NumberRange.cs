using System.Globalization;

namespace Meshpulse.Cli.Commands;

/// <summary>The numbers that an option takes, and the words for those that it doesn't.</summary>
/// <param name="Subject">What the number is, as in "the ping interval".</param>
/// <param name="Unit">Its unit, or empty for a count, which then has no fraction.</param>
internal sealed record NumberRange(string Subject, string Unit, decimal Lowest, decimal Highest, string Default)
{
    // decimal rather than double: it knows neither NaN nor infinity, and 0.1 is 0.1.
    public decimal Read(string spelling, string text)
    {
        var styles = Unit.Length > 0 ? NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign : NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out var value))
        {
            throw new UsageException($"{spelling} {UsageException.Echo(text)}: not a {(Unit.Length > 0 ? "" : "whole ")}number; {Subject} is {Lowest} to {With(Highest)} (default {Default})");
        }

        if (value < Lowest)
        {
            throw new UsageException($"{spelling} {UsageException.Echo(text)}: {Subject} must be at least {With(Lowest)} (default {Default})");
        }

        return value <= Highest
            ? value
            : throw new UsageException($"{spelling} {UsageException.Echo(text)}: {Subject} must be at most {With(Highest)} (default {Default})");
    }

    private string With(decimal value) => Unit.Length > 0 ? $"{value} {Unit}" : $"{value}";
}
