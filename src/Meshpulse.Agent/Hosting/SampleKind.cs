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
}
