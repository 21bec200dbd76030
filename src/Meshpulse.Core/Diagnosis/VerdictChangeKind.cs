namespace Meshpulse.Core.Diagnosis;

/// <summary>What happened to a verdict.</summary>
public enum VerdictChangeKind
{
    /// <summary>It is said for the first time.</summary>
    Begun,

    /// <summary>It is called otherwise, lies elsewhere, or has become much more or less sure.</summary>
    Changed,

    /// <summary>It is over.</summary>
    Ended,

    /// <summary>What was over has come again.</summary>
    Recurred,
}
