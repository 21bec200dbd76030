using System.Net.Http;
using System.Net.Sockets;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fetching;

/// <summary>Failures in words: one line of printable ASCII, at most <see cref="MaxLength"/> characters, whatever a server or a library says.</summary>
internal static class FailureText
{
    /// <summary>How long a failure can be.</summary>
    public const int MaxLength = 200;

    /// <summary>That the time was up, and what with.</summary>
    public static string TimedOut(Duration timeout, FetchPhase phase) => $"timed out after {timeout} {During(phase)}";

    /// <summary>What an exception of a phase means.</summary>
    /// <param name="connection">The connection's stream as far as it came; null before.</param>
    public static string Of(Exception failure, FetchPhase phase, MeasuredStream? connection) => Line(failure is FetchFailedException
        ? failure.Message
        : phase switch
        {
            FetchPhase.Resolve => $"cannot resolve the name: {Reason(failure)}",
            FetchPhase.Connect => $"cannot connect: {Reason(failure)}",
            FetchPhase.Tls => $"TLS: {TlsReason(failure)}",
            FetchPhase.Send or FetchPhase.FirstByte => $"no answer: {AnswerReason(failure, phase, connection)}",
            _ => $"broken answer: {AnswerReason(failure, phase, connection)}",
        });

    /// <summary>The words for what failed underneath.</summary>
    public static string Reason(Exception failure) => Find<SocketException>(failure) is { } socket ? Of(socket) : Innermost(failure).Message;

    /// <summary>Cuts a text to a line that can stand in a log, a table or a label.</summary>
    public static string Line(string text)
    {
        var cut = text.Length > MaxLength;
        var length = cut ? MaxLength - 3 : text.Length;
        return string.Create(length + (cut ? 3 : 0), (text, length), static (line, source) =>
        {
            line.Fill('.');
            for (var i = 0; i < source.length; i++)
            {
                line[i] = source.text[i] is >= ' ' and <= '~' ? source.text[i] : '?';
            }
        });
    }

    private static string During(FetchPhase phase) => phase switch
    {
        FetchPhase.Resolve => "while resolving the name",
        FetchPhase.Connect => "while connecting",
        FetchPhase.Tls => "in the TLS handshake",
        FetchPhase.Send => "while sending the request",
        FetchPhase.FirstByte => "while waiting for the first byte",
        FetchPhase.Head => "within the answer's head",
        _ => "within the answer's body",
    };

    private static string Of(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.HostNotFound => "no such name",
        SocketError.NoData => "it has no address",
        SocketError.TryAgain => "no name server answered",
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted => "connection reset",
        SocketError.TimedOut => "no acknowledgement came",
        SocketError.HostUnreachable or SocketError.HostDown => "no route to the host",
        SocketError.NetworkUnreachable or SocketError.NetworkDown => "no route to the network",
        SocketError.AccessDenied => "not permitted on this host",
        SocketError.AddressNotAvailable => "no local address or port left",
        SocketError.TooManyOpenSockets => "too many open files on this host",
        _ => failure.Message,
    };

    private static string TlsReason(Exception failure)
    {
        if (Find<SocketException>(failure) is { } socket)
        {
            return $"{Of(socket)} in the handshake";
        }

        if (failure is IOException)
        {
            return "connection closed in the handshake";
        }

        // OpenSSL's line is "error:0A00010B:SSL routines::wrong version number"; its end is for people.
        var words = Innermost(failure).Message;
        var last = words.LastIndexOf("::", StringComparison.Ordinal);
        return last < 0 ? words : words[(last + 2)..];
    }

    private static string AnswerReason(Exception failure, FetchPhase phase, MeasuredStream? connection)
    {
        const string LongHead = "the head is too long";
        var within = phase switch
        {
            FetchPhase.Head => " within the head",
            FetchPhase.Body => " within the body",
            _ => "",
        };
        return Kind(failure) switch
        {
            HttpRequestError.InvalidResponse => WithoutKind(Innermost(failure).Message),
            HttpRequestError.ConfigurationLimitExceeded => LongHead,
            _ when connection is { IsSpent: true } => LongHead,
            _ when connection is { IsAtEnd: true } => $"connection closed{within}",
            _ => $"{Reason(connection?.Error ?? failure)}{within}",
        };
    }

    private static HttpRequestError? Kind(Exception failure) =>
        Find<HttpIOException>(failure)?.HttpRequestError ?? Find<HttpRequestException>(failure)?.HttpRequestError;

    /// <summary>The library puts the enum's name behind its sentence.</summary>
    private static string WithoutKind(string message) => message.Replace($" ({nameof(HttpRequestError.InvalidResponse)})", "");

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure;
    }
}
