using Meshpulse.Wire.Primitives;

namespace Meshpulse.Wire.UdpPing;

/// <summary>
/// What a reflector answers, without state and without limits.
/// <para>
/// A reflector sends to whoever a datagram <em>says</em> it is from, and that may be forged. So that it can't be turned
/// against anyone: only a request is answered, and what it answers with is a response, which no reflector of this kind
/// answers, so that every chain ends after one step, whatever the ports; one request has one answer; and the answer is
/// never longer than the request, so that nothing is gained over sending to the victim directly. How <em>often</em> it
/// answers is for the caller to limit.
/// </para>
/// </summary>
public static class UdpPingReflector
{
    /// <summary>Decides on one datagram and writes the answer where there is one.</summary>
    /// <param name="datagram">What came, as far as it was kept.</param>
    /// <param name="source">Whom it claims to be from; also whom the answer is for.</param>
    /// <param name="reply">
    /// Takes the answer: the request with its type changed, padding included, so that a size works in both directions or is
    /// seen not to, and damage on the way shows. At least 18 bytes; a longer request has its padding cut to what fits.
    /// </param>
    /// <param name="length">Bytes of the answer, from 18 to those of the request; 0 where there is none.</param>
    /// <returns>Answer, or why not; never a limit.</returns>
    /// <exception cref="ArgumentException">There is an answer and fewer than 18 bytes of room.</exception>
    public static UdpPingDecision Decide(ReadOnlySpan<byte> datagram, NodeEndpoint source, Span<byte> reply, out int length)
    {
        length = 0;
        var error = UdpPingWire.TryRead(datagram, out var message);
        if (error != UdpPingError.None)
        {
            return Refusal(error);
        }

        if (message.Type == UdpPingType.Response)
        {
            return UdpPingDecision.Response;
        }

        if (source.Port == 0 || source.IsUnspecified || source.IsMulticast)
        {
            return UdpPingDecision.Source;
        }

        length = Math.Min(datagram.Length, Math.Min(reply.Length, UdpPingWire.MaxLength));
        _ = UdpPingWire.WriteResponse(reply, message.Id, length);
        datagram[UdpPingWire.Length..length].CopyTo(reply[UdpPingWire.Length..]);
        return UdpPingDecision.Answer;
    }

    private static UdpPingDecision Refusal(UdpPingError error) => error switch
    {
        UdpPingError.TooShort => UdpPingDecision.TooShort,
        UdpPingError.Magic => UdpPingDecision.Magic,
        UdpPingError.Version => UdpPingDecision.Version,
        _ => UdpPingDecision.Type,
    };
}
