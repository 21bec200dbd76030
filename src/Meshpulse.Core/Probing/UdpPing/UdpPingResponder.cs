using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Core.Probing.UdpPing;

/// <summary>
/// A reflector with its limits and counts: called with the time and the datagram that came, gives the answer to send. Only
/// requests that would be answered count towards the limits. One thread; allocates nothing after it was made.
/// </summary>
/// <param name="limits">How much it answers.</param>
/// <param name="seed">Unknown to outsiders; see <see cref="ReflectorLimiter"/>.</param>
public sealed class UdpPingResponder(ReflectorLimits limits, ulong seed)
{
    private readonly ReflectorLimiter _limiter = new(limits, seed);
    private readonly long[] _counts = new long[(int)UdpPingDecision.TotalLimit + 1];

    /// <summary>How many sources the limiter has forgotten before their time; see <see cref="ReflectorLimiter.Evictions"/>.</summary>
    public long Evictions => _limiter.Evictions;

    /// <summary>How many datagrams were decided so, since the start.</summary>
    public long CountOf(UdpPingDecision decision) => _counts[(int)decision];

    /// <summary>Decides on one datagram.</summary>
    /// <param name="now">Never before the last one.</param>
    /// <param name="datagram">What came, as far as it was kept.</param>
    /// <param name="source">Whom it claims to be from, and whom to answer.</param>
    /// <param name="reply">Takes the answer; at least 18 bytes. See <see cref="UdpPingReflector.Decide"/>.</param>
    /// <param name="length">Bytes to send back, never more than came; 0 for none.</param>
    /// <returns>Answer, or why not.</returns>
    public UdpPingDecision Respond(MonoTime now, ReadOnlySpan<byte> datagram, NodeEndpoint source, Span<byte> reply, out int length)
    {
        var decision = UdpPingReflector.Decide(datagram, source, reply, out length);
        if (decision == UdpPingDecision.Answer)
        {
            decision = _limiter.Take(now, source);
            length = decision == UdpPingDecision.Answer ? length : 0;
        }

        _counts[(int)decision]++;
        return decision;
    }
}
