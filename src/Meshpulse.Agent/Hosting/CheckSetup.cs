using Meshpulse.Agent.Configuration;

namespace Meshpulse.Agent.Hosting;

/// <summary>What an agent's checks are started with.</summary>
/// <param name="Source">The file, and which of its servers this is.</param>
/// <param name="First">Its first reading, not a refused one.</param>
/// <param name="Listener">Who is told what the checks see.</param>
public sealed record CheckSetup(LandscapeSource Source, LandscapeLoad First, ICheckListener Listener);
