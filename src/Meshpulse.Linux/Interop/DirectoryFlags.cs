using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>The two flags of open(2) that arm64 numbers differently from x86-64.</summary>
internal static class DirectoryFlags
{
    /// <summary>O_DIRECTORY.</summary>
    public static int Directory { get; } = IsArm ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW.</summary>
    public static int NoFollow { get; } = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
}
