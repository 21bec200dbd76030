namespace Meshpulse.Agent.Export;

/// <summary>
/// The metrics port could not be opened. The message is one plain line for the operator:
/// <c>metrics port 12223 on all interfaces: address already in use</c>.
/// </summary>
public sealed class MetricsStartException : Exception
{
    internal MetricsStartException(MetricsListenSpec listen, string reason, Exception inner)
        : base($"metrics {listen}: {reason}", inner)
    {
        Listen = listen;
        Reason = reason;
    }

    /// <summary>What was to be opened.</summary>
    public MetricsListenSpec Listen { get; }

    /// <summary>Why it was not, in a few words.</summary>
    public string Reason { get; }
}
