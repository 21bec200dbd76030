using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Meshpulse.Lab.Processes;

/// <summary>What the lab asks of the kernel itself. Each call throws Win32Exception where the kernel says no.</summary>
internal static partial class Native
{
    private const int CloneNewNet = 0x40000000;
    private const int ReadWriteNonBlockCloseOnExec = 0x2 | 0x800 | 0x80000;
    private const int InterfaceRequestSize = 40;
    private const int InterfaceNameSize = 16;
    private const nuint TunSetInterface = 0x400454ca;
    private const short TapWithoutPacketInfo = 0x2 | 0x1000;
    private const int NanosecondsPerSecond = 1_000_000_000;

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

    /// <summary>
    /// Makes a TAP device in the calling thread's network (TUNSETIFF, the kernel's networking/tuntap.rst). It lives as long as the descriptor,
    /// which never blocks and may be used from any network.
    /// </summary>
    public static unsafe SafeFileHandle OpenTap(string name)
    {
        var handle = new SafeFileHandle(Open("/dev/net/tun", ReadWriteNonBlockCloseOnExec), ownsHandle: true);
        try
        {
            Check(handle.IsInvalid ? -1 : 0);
            var request = stackalloc byte[InterfaceRequestSize];
            new Span<byte>(request, InterfaceRequestSize).Clear();
            _ = Encoding.ASCII.GetBytes(name, new Span<byte>(request, InterfaceNameSize - 1));
            *(short*)(request + InterfaceNameSize) = TapWithoutPacketInfo;
            Check(IoControl(handle, TunSetInterface, request));
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>read(2) of one frame; -1 where none waits, or the device is gone.</summary>
    public static unsafe int ReadFrame(SafeFileHandle device, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return (int)Read(device, bytes, (nuint)buffer.Length);
        }
    }

    /// <summary>write(2) of one frame; false where the device did not take it.</summary>
    public static unsafe bool WriteFrame(SafeFileHandle device, ReadOnlySpan<byte> frame)
    {
        fixed (byte* bytes = frame)
        {
            return Write(device, bytes, (nuint)frame.Length) == frame.Length;
        }
    }

    /// <summary>ppoll(2): waits until one of them can be read, or the time has passed.</summary>
    public static unsafe void WaitToRead(Span<PollEntry> entries, long nanoseconds)
    {
        var time = stackalloc long[2] { nanoseconds / NanosecondsPerSecond, nanoseconds % NanosecondsPerSecond };
        fixed (PollEntry* first = entries)
        {
            // Interrupted or not: the caller looks at the clock and at all of them again.
            _ = Poll(first, (nuint)entries.Length, time, null);
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

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int IoControl(SafeFileHandle device, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static unsafe partial nint Read(SafeFileHandle device, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static unsafe partial nint Write(SafeFileHandle device, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static unsafe partial int Poll(PollEntry* entries, nuint count, long* time, void* signals);
}
