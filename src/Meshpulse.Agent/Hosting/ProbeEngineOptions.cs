using Meshpulse.Agent.Paths;
using Meshpulse.Core.Membership;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>What the probing thread is started with.</summary>
internal sealed record ProbeEngineOptions
{
    /// <summary>The options of the mesh's node; null for no mesh.</summary>
    public MeshOptions? Mesh { get; init; }

    /// <summary>The mesh's servers of the command line: a name to look up, or an address.</summary>
    public IReadOnlyList<(string? Host, NodeEndpoint Endpoint)> Servers { get; init; } = [];

    /// <summary>Begins a look-up of a mesh server's name, whose end is told by <see cref="ProbeEngine.OnResolved"/>.</summary>
    public Action<int, string> Resolve { get; init; } = static (_, _) => { };

    /// <summary>What the checks need; null for no checks.</summary>
    public CheckDriverOptions? Checks { get; init; }

    /// <summary>Ask for real-time priority and for locked memory.</summary>
    public bool Realtime { get; init; }

    /// <summary>Where proc(5) is.</summary>
    public string Proc { get; init; } = "/proc";

    /// <summary>Makes the sockets of the paths.</summary>
    public Func<IPathSockets> PathSockets { get; init; } = static () => new PathSockets();

    /// <summary>For jitter, offsets, and a secret that outsiders don't know.</summary>
    public required ulong Seed { get; init; }
}
