namespace Meshpulse.Agent.Paths;

internal enum PathSampleKind
{
    Exchange,
    Totals,
    Window,
    Proven,
    Doubted,
}
