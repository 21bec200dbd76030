using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>What <c>GET /api/v1/config</c> answers: how the node was started, secrets left out.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Whose it is.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="Program">The version of its program.</param>
/// <param name="Settings">Names and values as text; a secret is <c>(set)</c>.</param>
public sealed record ConfigDocument(int Version, string Node, WallTime Now, string Program, IReadOnlyList<SettingEntry> Settings)
    : ApiDocument(Version, Node, Now);
