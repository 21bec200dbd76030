namespace Meshpulse.Core.Config;

/// <summary>A <c>[[check]]</c> as read, before its ends are known to exist.</summary>
/// <param name="Block">The block.</param>
/// <param name="From">The end that probes; null where it is missing.</param>
/// <param name="To">The end that is probed; null where it is missing.</param>
/// <param name="Definition">The whole; null where its kind is unknown.</param>
internal sealed record CheckDraft(ConfigTable Block, Placed<string>? From, Placed<string>? To, CheckDefinition? Definition)
{
    /// <summary>The block's own file of keys, where it is used.</summary>
    public KeyFilePlace? KeyFile { get; init; }
}
