namespace Meshpulse.Core.Vitals;

/// <summary>Where a cgroup's files are.</summary>
/// <param name="MountPoint">Where its hierarchy is mounted, as in mountinfo: an absolute path.</param>
/// <param name="Inside">The way from there to our cgroup, without slashes at its ends; empty for the mount point itself.</param>
/// <param name="IsV2">Version 2.</param>
public readonly record struct CgroupPlace(string MountPoint, string Inside, bool IsV2)
{
    /// <summary>How deep the way is walked up at most; the kernel's own trees rarely have ten.</summary>
    public const int Deepest = 32;

    /// <summary>Our cgroup's directory and those above it up to the mount point, ours first; at most <see cref="Deepest"/>.</summary>
    public IReadOnlyList<string> Directories()
    {
        var found = new List<string>();
        var inside = Inside;
        while (inside.Length > 0 && found.Count < Deepest - 1)
        {
            found.Add($"{MountPoint}/{inside}");
            var slash = inside.LastIndexOf('/');
            inside = slash < 0 ? "" : inside[..slash];
        }

        found.Add(MountPoint);
        return found;
    }
}
