using System.Runtime.InteropServices;
using Meshpulse.Linux.Interop;
using Microsoft.Win32.SafeHandles;
using static Meshpulse.Linux.Interop.FileConstants;
using static Meshpulse.Linux.Interop.ProcessConstants;

namespace Meshpulse.Linux.Processes;

/// <summary>
/// A shell command with everything that it starts: a session and process group of its own, ended as a whole.
/// <para>
/// The problem: a command line such as <c>mtr ... | tee x</c> is several processes, and a monitor that starts such things on
/// its own must never leave any behind, nor ever signal a process that isn't its own. The obvious way,
/// System.Diagnostics.Process, fails at both. Its child stays in our own group, so that only the shell could be ended and
/// its children would go on; a process can be moved to a group from outside only before it runs its program, which is over
/// when Start returns. And it reaps the child the moment that it ends: from then on the system may give the number to
/// somebody else, and a signal to the group may hit a stranger.
/// </para>
/// <para>
/// What we do: posix_spawn(3) makes the child the leader of a new session (no terminal: nothing can ask for a password) with
/// every signal at its default (the runtime ignores SIGPIPE, and that would be inherited), standard input from /dev/null,
/// and output and errors in one pipe, in their true order. Waiting leaves the leader unreaped (waitid(2), WNOWAIT), which keeps the
/// group's number ours; only <see cref="Dispose"/>, after the last signal, gives it back.
/// </para>
/// <para>
/// One case is left: we are killed ourselves, and can't end anything. The leader therefore begins as a small shell that puts
/// a watcher into the group and then becomes the command. The watcher reads from a pipe whose other end only we hold, and
/// where nothing is ever written: when we are gone, however that came about, the pipe ends, and the watcher ends the group. (The
/// parent-death signal of prctl(2) would be simpler, but it comes when the <em>thread</em> that started the child ends.)
/// </para>
/// <para>A process that makes a session of its own (setsid(1)) has left the group on purpose and is not followed.</para>
/// </summary>
public sealed unsafe class ProcessGroup : IDisposable
{
    private const string Starter = "/bin/sh";
    private const int LifelineFd = 3;

    // $1 is the shell, $2 the command. The watcher survives the SIGTERM that it sends to its own group.
    private const string StartScript =
        "( trap '' TERM; read -r _ <&3; kill -s TERM 0; sleep 2; kill -s KILL 0 ) >/dev/null 2>&1 & exec 3<&-; exec \"$1\" -c \"$2\"";

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _lifeline;
    private bool _ended;

    private ProcessGroup(int id, SafePipeHandle output, SafeFileHandle lifeline) => (Id, Output, _lifeline) = (id, output, lifeline);

    /// <summary>The number of the leader, of its group and of its session.</summary>
    public int Id { get; }

    /// <summary>What the group writes to standard output and standard error; ends when the last writer does. The caller's to close.</summary>
    public SafePipeHandle Output { get; }

    /// <summary>Starts <paramref name="command"/> as <c>SHELL -c COMMAND</c>.</summary>
    /// <param name="shell">The shell's path, such as <c>/bin/bash</c>.</param>
    /// <param name="command">What it is to run. A zero byte ends it.</param>
    /// <param name="variables">Added to our own environment, or in the place of what is there.</param>
    /// <exception cref="ProcessStartException">No descriptors or processes left, or command and variables are too long (E2BIG).</exception>
    public static ProcessGroup Start(string shell, string command, IReadOnlyDictionary<string, string> variables)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(variables);
        using var output = new PipePair();
        using var lifeline = new PipePair();
        string[] arguments = ["sh", "-c", StartScript, "sh", shell, command];
        var id = Spawn(arguments, EnvironmentWith(variables), output.WriteFd, lifeline.ReadFd);
        return new ProcessGroup(id, output.TakeRead(), lifeline.TakeWrite());
    }

    /// <summary>
    /// Blocks until the leader has ended; others of the group may go on. Blocks a whole thread: give it one of its own, and
    /// let it answer before <see cref="Dispose"/>, which makes the number anybody's.
    /// </summary>
    public ProcessEnd WaitForLeader()
    {
        Siginfo info;
        while (true)
        {
            if (Libc.waitid(P_PID, (uint)Id, &info, WEXITED | WNOWAIT) == 0)
            {
                return info.si_code == CLD_EXITED ? new ProcessEnd(info.si_status, 0) : new ProcessEnd(128 + info.si_status, info.si_status);
            }

            // ECHILD: the system reaps for us, because whoever started us ignores SIGCHLD. How it ended is lost then.
            if (Libc.LastErrno() != Errno.EINTR)
            {
                return default;
            }
        }
    }

    /// <summary>Asks the whole group to end (SIGTERM). Does nothing after <see cref="Dispose"/>.</summary>
    public void Terminate() => Signal(SignalConstants.SIGTERM);

    /// <summary>Ends the whole group (SIGKILL). Does nothing after <see cref="Dispose"/>.</summary>
    public void Kill() => Signal(SignalConstants.SIGKILL);

    /// <summary>
    /// Ends what is left of the group (SIGKILL), waits for the leader's end, and gives its number back. Does not close
    /// <see cref="Output"/>. A leader that is stuck in the kernel (a dead network file system) blocks it: see first that
    /// <see cref="WaitForLeader"/> has answered.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _ = Libc.kill(-Id, SignalConstants.SIGKILL);
            int status;
            while (Libc.waitpid(Id, &status, 0) < 0 && Libc.LastErrno() == Errno.EINTR)
            {
            }

            // Where we are process 1 of a container, the orphans of the group are our children by now.
            while (Libc.waitpid(-Id, &status, WNOHANG) > 0)
            {
            }
        }

        _lifeline.Dispose();
    }

    /// <summary>Lets go of the pipe that the watcher listens to, as our death would.</summary>
    internal void CutLifeline() => _lifeline.Dispose();

    private void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _ = Libc.kill(-Id, signal);
            }
        }
    }

    private static List<string> EnvironmentWith(IReadOnlyDictionary<string, string> variables)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            merged[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        foreach (var (name, value) in variables)
        {
            merged[name] = value;
        }

        return [.. merged.Select(v => $"{v.Key}={v.Value}")];
    }

    private static int Spawn(IReadOnlyList<string> arguments, IReadOnlyList<string> environment, int output, int lifeline)
    {
        var actions = stackalloc ulong[SpawnBuffer.Words];
        var attributes = stackalloc ulong[SpawnBuffer.Words];
        var argv = Vector(arguments);
        var envp = Vector(environment);
        Check(Libc.posix_spawn_file_actions_init(actions));
        Check(Libc.posix_spawnattr_init(attributes));
        try
        {
            SetStreams(actions, output, lifeline);
            SetAttributes(attributes);
            int id;
            fixed (byte* path = "/bin/sh\0"u8)
            {
                Check(Libc.posix_spawn(&id, path, actions, attributes, argv, envp));
            }

            return id;
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
            Free(argv);
            Free(envp);
        }
    }

    private static void SetStreams(void* actions, int output, int lifeline)
    {
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            Check(Libc.posix_spawn_file_actions_addopen(actions, 0, nothing, O_RDONLY, 0));
        }

        Check(Libc.posix_spawn_file_actions_adddup2(actions, output, 1));
        Check(Libc.posix_spawn_file_actions_adddup2(actions, output, 2));
        Check(Libc.posix_spawn_file_actions_adddup2(actions, lifeline, LifelineFd));
    }

    private static void SetAttributes(void* attributes)
    {
        var signals = stackalloc ulong[SpawnBuffer.Words];
        _ = Libc.sigemptyset(signals);
        Check(Libc.posix_spawnattr_setsigmask(attributes, signals));
        _ = Libc.sigfillset(signals);
        Check(Libc.posix_spawnattr_setsigdefault(attributes, signals));
        Check(Libc.posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    }

    // These return their error; errno says nothing.
    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new ProcessStartException(Starter, (Errno)error);
        }
    }

    private static byte** Vector(IReadOnlyList<string> strings)
    {
        var vector = (byte**)NativeMemory.Alloc((nuint)(strings.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < strings.Count; i++)
        {
            vector[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
        }

        vector[strings.Count] = null;
        return vector;
    }

    private static void Free(byte** vector)
    {
        for (var i = 0; vector[i] is not null; i++)
        {
            Marshal.FreeCoTaskMem((nint)vector[i]);
        }

        NativeMemory.Free(vector);
    }
}
