using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>Who is told what the agent sees: the console. Called on the collector's thread, in the order in which things happened; notes come from any.</summary>
public interface IAgentListener
{
    /// <summary>Something happened to the mesh.</summary>
    void OnEvent(MeshEvent happened);

    /// <summary>A gap in what a peer sends.</summary>
    void OnGap(NodeEndpoint node, ReceiveGap gap);

    /// <summary>A report is due.</summary>
    void OnReport(WindowReport report);

    /// <summary>A verdict began, changed, ended or came again; on a thread of the pool, one after the other.</summary>
    /// <param name="at">When it was said.</param>
    /// <param name="change">What changed.</param>
    void OnVerdict(WallTime at, VerdictChange change);

    /// <summary>Something beside the mesh that an operator wants to know; from any thread.</summary>
    /// <param name="at">When it happened.</param>
    /// <param name="text">One line without control characters, without a time.</param>
    void OnNote(WallTime at, string text);
}
