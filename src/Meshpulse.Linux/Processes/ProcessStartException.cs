using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Processes;

/// <summary>A program could not be started. The message is fit for the operator: <c>/bin/bash: No such file or directory</c>.</summary>
public sealed class ProcessStartException : Exception
{
    /// <summary>Names what failed and why.</summary>
    public ProcessStartException(string subject, Errno error)
        : base($"{subject}: {error.Text()}")
    {
        Error = error;
    }

    /// <summary>The system's reason.</summary>
    public Errno Error { get; }
}
