using System.Globalization;

namespace Meshpulse.Core.Config;

/// <summary>
/// The names of differentiated services code points: CS0 to CS7 (RFC 2474 section 4.2.2), AF11 to AF43 (RFC 2597 section 6),
/// EF (RFC 3246), VA (RFC 5865) and LE (RFC 8622).
/// </summary>
public static class DscpText
{
    /// <summary>The greatest code point.</summary>
    public const int Highest = 63;

    /// <summary>The code point of a name in capital or small letters, 0 to 63; null where there is none.</summary>
    public static int? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToUpperInvariant() switch
        {
            "EF" => 46,
            "VA" => 44,
            "LE" => 1,
            ['C', 'S', >= '0' and <= '7' and var priority] => (priority - '0') * 8,
            ['A', 'F', >= '1' and <= '4' and var priority, >= '1' and <= '3' and var drop] => ((priority - '0') * 8) + ((drop - '0') * 2),
            _ => null,
        };
    }

    /// <summary>The code point of a name or a decimal number; null where it is neither, or above <see cref="Highest"/>.</summary>
    public static int? Read(string text) =>
        !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Find(text) : number <= Highest ? number : null;
}
