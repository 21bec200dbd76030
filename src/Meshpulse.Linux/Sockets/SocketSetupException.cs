using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// A socket or poller that the program can't run without could not be set up. The message is fit for the operator:
/// <c>127.0.1.2:12222: address already in use</c>.
/// </summary>
public sealed class SocketSetupException : Exception
{
    /// <summary>Names what failed and why.</summary>
    /// <param name="subject">The endpoint, or the endpoint and the step: <c>127.0.1.2:12222: TCP_USER_TIMEOUT</c>.</param>
    public SocketSetupException(string subject, Errno error)
        : base($"{subject}: {Reason(error)}")
    {
        (Subject, Error) = (subject, error);
    }

    /// <summary>What failed: the endpoint, or the endpoint and the step.</summary>
    public string Subject { get; }

    /// <summary>The kernel's reason.</summary>
    public Errno Error { get; }

    // In the middle of a sentence the C library's capital is out of place.
    private static string Reason(Errno error)
    {
        var text = error.Text();
        return char.ToLowerInvariant(text[0]) + text[1..];
    }
}
