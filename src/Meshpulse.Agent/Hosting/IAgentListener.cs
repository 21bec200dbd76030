using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>Who is told what the agent sees: the console. Called on the collector's thread, in the order in which things happened.</summary>
public interface IAgentListener
{
    /// <summary>Something happened to the mesh.</summary>
    void OnEvent(MeshEvent happened);

    /// <summary>A gap in what a peer sends.</summary>
    void OnGap(NodeEndpoint node, ReceiveGap gap);

    /// <summary>A report is due.</summary>
    void OnReport(WindowReport report);
}
