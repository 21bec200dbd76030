namespace Meshpulse.Core.Diagnosis;

/// <summary>How urgent a kind of verdict is, in the order of urgency. The alerts in <c>deploy/</c> have the same.</summary>
public enum VerdictSeverity
{
    /// <summary>To be seen beside others; nothing to do where it was intended.</summary>
    Info,

    /// <summary>Somebody should look at it today.</summary>
    Warning,

    /// <summary>Somebody should be woken: hosts, paths or whole datacenters are cut off.</summary>
    Critical,
}
