using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct statx of statx(2), which unlike struct stat is the same everywhere; only what is read here has a field.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    [FieldOffset(0)]
    public uint stx_mask;

    [FieldOffset(20)]
    public uint stx_uid;

    [FieldOffset(28)]
    public ushort stx_mode;

    [FieldOffset(32)]
    public ulong stx_ino;

    [FieldOffset(40)]
    public ulong stx_size;

    [FieldOffset(136)]
    public uint stx_dev_major;

    [FieldOffset(140)]
    public uint stx_dev_minor;
}
