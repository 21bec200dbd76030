namespace Meshpulse.Agent.Hosting;

internal enum SampleKind
{
    ReceivedStamped,
    ReceivedBunched,
    ReceivedReconstructed,
    Sent,
    UnsentLate,
    UnsentBackpressure,
    Woke,
    ProbeSent,
    ProbeUnsentLate,
    ProbeUnsentBackpressure,
    ProbeUnsentRefused,
    ProbeUnsentUnresolved,
    ProbeAnswered,
    ProbeAnsweredAfterLoss,
    ProbeLost,
    ProbeLate,
    ProbeLateAfterLoss,
    ProbeDuplicate,
    ProbeUnknown,
    ProbeIcmpError,
}
