using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>What the checks' part of the probing thread is started with.</summary>
internal sealed record CheckDriverOptions
{
    /// <summary>Where the reflector listens.</summary>
    public required NodeEndpoint Reflector { get; init; }

    /// <summary>How much it answers.</summary>
    public ReflectorLimits Limits { get; init; } = new();

    /// <summary>Begins an HTTP fetch of a probe on another thread; false where too many are under way.</summary>
    public Func<int, bool> Fetch { get; init; } = static _ => false;
}
