namespace Meshpulse.Core.Config;

/// <summary>A placeholder of a command or URL: <c>{{server.from.ip}}</c>, <c>{{server.to.extra1}}</c>.</summary>
/// <param name="OfTarget">True for <c>server.to</c>, false for <c>server.from</c>.</param>
/// <param name="Field">What of the server is meant.</param>
public readonly record struct Placeholder(bool OfTarget, PlaceholderField Field)
{
    private const string From = "server.from.";
    private const string To = "server.to.";

    /// <summary>What every placeholder begins with.</summary>
    internal const string Root = "server.";

    /// <summary>All of them, in the order of the documentation.</summary>
    internal static IReadOnlyList<Placeholder> All { get; } =
        [.. from side in new[] { false, true } from field in Enum.GetValues<PlaceholderField>() select new Placeholder(side, field)];

    /// <summary>
    /// The value that the file gives: the address alone or the host name, or the extra value, empty where there is none. It is not
    /// quoted for anything.
    /// </summary>
    public string ValueFor(ServerDefinition from, ServerDefinition to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return ValueIn(OfTarget ? to : from) ?? "";
    }

    /// <summary>The name between the braces, as in <c>server.to.ip</c>.</summary>
    public override string ToString() => (OfTarget ? To : From) + Field.ToString().ToLowerInvariant();

    /// <summary>The value in one server; null where it has none.</summary>
    internal string? ValueIn(ServerDefinition server) => Field switch
    {
        PlaceholderField.Extra1 => server.Extra1,
        PlaceholderField.Extra2 => server.Extra2,
        PlaceholderField.Extra3 => server.Extra3,
        _ => server.Address.Host,
    };
}
