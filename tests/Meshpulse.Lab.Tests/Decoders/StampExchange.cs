using Meshpulse.Wire.Stamp;

namespace Meshpulse.Lab.Decoders;

/// <summary>A request and its reply, as our code makes them, and what they are meant to say, in the words of <c>stamp.py</c>.</summary>
/// <param name="Name">Tells it from others.</param>
/// <param name="Mode">Of both packets.</param>
/// <param name="Request">The request's bytes.</param>
/// <param name="Reply">The reply's bytes.</param>
/// <param name="RequestLine">What the request says.</param>
/// <param name="ReplyLine">What the reply says.</param>
internal sealed record StampExchange(string Name, StampMode Mode, byte[] Request, byte[] Reply, string RequestLine, string ReplyLine);
