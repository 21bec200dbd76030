using System.Runtime.InteropServices;

namespace Meshpulse.Lab.Processes;

/// <summary>struct pollfd of poll(2), asking whether a descriptor can be read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry(int descriptor)
{
    private const short CanRead = 0x1;

    private readonly int _descriptor = descriptor;
    private readonly short _wanted = CanRead;
    private readonly short _found;

    /// <summary>It is worth trying.</summary>
    public readonly bool IsReady => _found != 0;

    /// <inheritdoc />
    public readonly override string ToString() => $"{_descriptor}: {_wanted:x}, {_found:x}";
}
