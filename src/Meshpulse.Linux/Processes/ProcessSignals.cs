using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Processes;

/// <summary>Freezes, thaws and ends other processes, kill(2). A process that is gone answers <see cref="Errno.ESRCH"/>; nothing throws.</summary>
public static class ProcessSignals
{
    /// <summary>Stops a process where it stands (SIGSTOP); it can't refuse.</summary>
    public static Errno Freeze(int processId) => Send(processId, SignalConstants.SIGSTOP);

    /// <summary>Lets a stopped process go on (SIGCONT).</summary>
    public static Errno Thaw(int processId) => Send(processId, SignalConstants.SIGCONT);

    /// <summary>Asks a process to end (SIGTERM).</summary>
    public static Errno Terminate(int processId) => Send(processId, SignalConstants.SIGTERM);

    // Zero and below would reach whole groups of processes.
    private static Errno Send(int processId, int signal) =>
        processId <= 0 ? Errno.ESRCH : Libc.ErrnoOf(Libc.kill(processId, signal));
}
