using System.Runtime.InteropServices;

namespace Meshpulse.Agent.Hosting;

/// <summary>A position in a queue that shares its cache line with nothing, so that writer and reader don't slow one another.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct PaddedPosition
{
    [FieldOffset(64)]
    public long Value;
}
