namespace Meshpulse.Linux.Vitals;

/// <summary>Where a host's sources are: the running one's, or a recorded one's.</summary>
/// <param name="Proc">Where proc(5) is.</param>
/// <param name="Sys">Where sysfs(5) is.</param>
/// <param name="Mounts">What the mount points of /proc/self/mountinfo are below; empty for the running host.</param>
public sealed record HostRoots(string Proc, string Sys, string Mounts)
{
    /// <summary>This host.</summary>
    public static HostRoots Live { get; } = new("/proc", "/sys", "");

    /// <summary>A host that was recorded in a directory, which stands for its <c>/</c>.</summary>
    public static HostRoots Recorded(string directory) => new(Path.Combine(directory, "proc"), Path.Combine(directory, "sys"), directory.TrimEnd('/'));
}
