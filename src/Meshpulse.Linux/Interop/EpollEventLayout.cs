using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>
/// struct epoll_event, epoll_ctl(2): the one structure here whose layout differs by machine. It is packed on x86-64
/// (12 bytes, so that 32-bit programs see the same) and naturally aligned elsewhere (16 bytes). One C# struct cannot
/// be both, so events live in plain memory and are read by offset; the JIT folds the figures to constants.
/// </summary>
internal static unsafe class EpollEventLayout
{
    /// <summary>Bytes from one event to the next.</summary>
    public static readonly int Size = IsPacked ? 12 : 16;

    /// <summary>Where the 64 bits of user data begin; the 32 bits of events are at 0 everywhere.</summary>
    public static readonly int DataOffset = IsPacked ? 4 : 8;

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    /// <summary>Writes one event to memory of at least <see cref="Size"/> bytes.</summary>
    public static void Write(byte* destination, uint events, int token)
    {
        Unsafe.WriteUnaligned(destination, events);
        Unsafe.WriteUnaligned(destination + DataOffset, (long)token);
    }

    /// <summary>The event bits of the event at <paramref name="index"/>.</summary>
    public static uint EventsAt(byte* first, int index) => Unsafe.ReadUnaligned<uint>(first + (index * Size));

    /// <summary>The token of the event at <paramref name="index"/>.</summary>
    public static int TokenAt(byte* first, int index) => (int)Unsafe.ReadUnaligned<long>(first + (index * Size) + DataOffset);
}
