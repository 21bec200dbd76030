namespace Meshpulse.Wire.Stamp;

/// <summary>Where the fields of both packets of a mode are (RFC 8762, figures 2 to 5); offsets in bytes.</summary>
internal readonly record struct StampLayout(
    int Length,
    int Timestamp,
    int ErrorEstimate,
    int Ssid,
    int ReceiveTimestamp,
    int SenderSequence,
    int SenderTimestamp,
    int SenderErrorEstimate,
    int SenderTtl)
{
    private static readonly StampLayout s_unauthenticated = new(StampWire.UnauthenticatedLength, 4, 12, 14, 16, 24, 28, 36, 40);
    private static readonly StampLayout s_authenticated = new(StampWire.AuthenticatedLength, 16, 24, 26, 32, 48, 64, 72, 80);

    /// <summary>The layout of a mode.</summary>
    public static ref readonly StampLayout Of(StampMode mode) => ref mode == StampMode.Authenticated ? ref s_authenticated : ref s_unauthenticated;
}
