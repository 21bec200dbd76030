using System.Collections.Immutable;

namespace Meshpulse.Core.Config;

/// <summary>
/// The levels of a datacenter's name: <c>fra.dc11</c> belongs to <c>fra</c> and to <c>fra.dc11</c>, and the report adds up each.
/// </summary>
public static class DatacenterPrefixes
{
    /// <summary>What stands for a server without a datacenter.</summary>
    public const string None = "no-datacenter";

    /// <summary>The full name, or <see cref="None"/>.</summary>
    public static string NameOf(string? datacenter) => string.IsNullOrEmpty(datacenter) ? None : datacenter;

    /// <summary>
    /// Each dotted prefix from the shortest to the full name; <see cref="None"/> alone where there is no name. Empty parts, as in
    /// <c>fra..dc11</c>, are no level of their own.
    /// </summary>
    public static ImmutableArray<string> Of(string? datacenter)
    {
        var name = NameOf(datacenter);
        var prefixes = ImmutableArray.CreateBuilder<string>();
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (dot > 0 && name[dot - 1] != '.' && dot < name.Length - 1)
                prefixes.Add(name[..dot]);
        }

        prefixes.Add(name);
        return prefixes.ToImmutable();
    }
}
