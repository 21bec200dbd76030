namespace Meshpulse.Core.Probing;

/// <summary>What came of handing a probe to the network.</summary>
/// <param name="Outcome">Whether it was sent.</param>
/// <param name="Error">The system's error number (errno(3)) where it was not; 0 where it was.</param>
public readonly record struct ProbeSend(ProbeSendOutcome Outcome, int Error)
{
    /// <summary>It was sent.</summary>
    public static ProbeSend Sent => default;
}
