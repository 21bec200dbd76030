namespace Meshpulse.Core.Config;

/// <summary>A <c>[[server]]</c> as read, before its groups are known to exist.</summary>
/// <param name="Block">The block.</param>
/// <param name="Name">Its name; null where that is missing or unfit.</param>
/// <param name="Definition">The rest; stands in where something was wrong.</param>
/// <param name="Groups">The groups as written.</param>
/// <param name="HasAddress">False where the address is a stand-in.</param>
internal sealed record ServerDraft(
    ConfigTable Block, Placed<string>? Name, ServerDefinition Definition, IReadOnlyList<Placed<string>> Groups, bool HasAddress);
