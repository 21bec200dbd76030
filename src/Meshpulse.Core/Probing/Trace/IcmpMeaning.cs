namespace Meshpulse.Core.Probing.Trace;

/// <summary>What an ICMP error says about a path: RFC 792 and RFC 1812 section 5.2.7, RFC 4443 section 3.</summary>
/// <param name="Kind">About the path; None for what says nothing about it.</param>
/// <param name="Refusal">The reason where the probe was refused.</param>
public readonly record struct IcmpMeaning(TraceAnswerKind Kind, TraceRefusal Refusal)
{
    /// <summary>Reads type and code.</summary>
    /// <param name="isV6">The message is ICMPv6.</param>
    /// <param name="type">Its type.</param>
    /// <param name="code">Its code.</param>
    /// <param name="isFromTarget">
    /// The target sent it. An unreachable port is then its answer; from somebody else it is a firewall's refusal.
    /// </param>
    public static IcmpMeaning Of(bool isV6, int type, int code, bool isFromTarget)
    {
        var meaning = isV6 ? OfV6(type, code) : OfV4(type, code);
        return isFromTarget && meaning.Refusal is TraceRefusal.Port or TraceRefusal.Protocol
            ? new IcmpMeaning(TraceAnswerKind.Destination, TraceRefusal.None)
            : meaning;
    }

    private static IcmpMeaning OfV4(int type, int code) => (type, code) switch
    {
        (11, 0) => new IcmpMeaning(TraceAnswerKind.Transit, TraceRefusal.None),
        (3, 0 or 5 or 6 or 11) => Refused(TraceRefusal.Network),
        (3, 1 or 7 or 8 or 12) => Refused(TraceRefusal.Host),
        (3, 2) => Refused(TraceRefusal.Protocol),
        (3, 3) => Refused(TraceRefusal.Port),
        (3, 4) => Refused(TraceRefusal.TooLarge),
        (3, 9 or 10 or 13) => Refused(TraceRefusal.Prohibited),
        (3, _) or (12, _) => Refused(TraceRefusal.Other),
        _ => default,
    };

    private static IcmpMeaning OfV6(int type, int code) => (type, code) switch
    {
        (3, 0) => new IcmpMeaning(TraceAnswerKind.Transit, TraceRefusal.None),
        (1, 0 or 2) => Refused(TraceRefusal.Network),
        (1, 1 or 5 or 6) => Refused(TraceRefusal.Prohibited),
        (1, 3) => Refused(TraceRefusal.Host),
        (1, 4) => Refused(TraceRefusal.Port),
        (2, _) => Refused(TraceRefusal.TooLarge),
        (4, 1) => Refused(TraceRefusal.Protocol),
        (1, _) or (4, _) => Refused(TraceRefusal.Other),
        _ => default,
    };

    private static IcmpMeaning Refused(TraceRefusal refusal) => new(TraceAnswerKind.Refused, refusal);
}
