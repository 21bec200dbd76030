using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Meshpulse.Lab.Processes;

/// <summary>What the lab asks of the kernel itself. Each call throws Win32Exception where the kernel says no.</summary>
internal static partial class Native
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>kill(2).</summary>
    public static void Send(int pid, Signal signal) => Check(Kill(pid, (int)signal));

    /// <summary>unshare(2): puts the calling thread, and it alone, into a network namespace of its own.</summary>
    public static void LeaveNetwork() => Check(Unshare(CloneNewNet));

    /// <summary>setns(2): puts the calling thread, and it alone, into the namespace behind a descriptor.</summary>
    public static void EnterNetwork(SafeHandle network)
    {
        var held = false;
        network.DangerousAddRef(ref held);
        try
        {
            Check(SetNs((int)network.DangerousGetHandle(), CloneNewNet));
        }
        finally
        {
            network.DangerousRelease();
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(int descriptor, int type);
}
