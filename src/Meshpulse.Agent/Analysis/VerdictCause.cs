using System.Globalization;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Analysis;

/// <summary>A verdict began, or came again.</summary>
/// <param name="What">What it says.</param>
/// <param name="SourcePorts">The source ports of the flows that it names; empty for all others.</param>
internal sealed record VerdictCause(VerdictKind What, IReadOnlyList<int> SourcePorts) : AnalysisCause
{
    /// <summary>The variable that holds the verdict's name.</summary>
    public const string VerdictVariable = "MESHPULSE_VERDICT";

    /// <summary>The variable that holds the source ports, as <c>meshpulse trace --source-ports</c> takes them.</summary>
    public const string PortsVariable = "MESHPULSE_SOURCE_PORTS";

    private string Ports => string.Join(',', SourcePorts.Select(p => p.ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        [VerdictVariable] = VerdictKinds.IdOf(What),
        [PortsVariable] = Ports,
    };

    /// <inheritdoc />
    public override string ToString() => $"verdict {VerdictKinds.IdOf(What)}{(SourcePorts.Count > 0 ? $", source ports {Ports}" : "")}";
}
