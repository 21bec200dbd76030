namespace Meshpulse.Agent.Paths;

internal enum PathSampleKind
{
    Exchange,
    Totals,
    SocketGap,
    Window,
    Proven,
    Doubted,
}
