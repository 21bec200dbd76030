namespace Meshpulse.Agent.Analysis;

/// <summary>Why an analysis starts; as a text, for its report.</summary>
internal abstract record AnalysisCause
{
    /// <summary>What the command's environment says of it.</summary>
    public virtual IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        [VerdictCause.VerdictVariable] = "",
        [VerdictCause.PortsVariable] = "",
    };
}
