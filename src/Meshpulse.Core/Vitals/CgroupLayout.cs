using System.Text;

namespace Meshpulse.Core.Vitals;

/// <summary>
/// Which of the mounted hierarchies of cgroups(7) hold us, and where.
/// <para>
/// The problem: version 1 has a hierarchy per controller, version 2 one for all, hybrid hosts have both, and in a container either is often mounted from the
/// middle: the path in /proc/self/cgroup then does not exist under the mount point. The obvious way, <c>/sys/fs/cgroup</c> plus that path, fails in each of these.
/// What we do: take the mounts from mountinfo with the directory that each shows, and cut that off the path. Where the path does not begin with it, or leads
/// out of our namespace, what is mounted is all that we may see, and is taken.
/// </para>
/// </summary>
/// <param name="Cpu">Where the CPU controller's files of our cgroup are; null where it is not mounted.</param>
/// <param name="Pressure">Where version 2's are, which alone has pressure files; null where it is not mounted.</param>
public sealed record CgroupLayout(CgroupPlace? Cpu, CgroupPlace? Pressure)
{
    private const int LongestPath = 4_096;

    /// <summary>Nothing is mounted.</summary>
    public static CgroupLayout None { get; } = new(null, null);

    /// <summary>Reads both files.</summary>
    /// <param name="cgroup">/proc/self/cgroup: lines of <c>number:controllers:path</c>.</param>
    /// <param name="mountinfo">/proc/self/mountinfo, proc_pid_mountinfo(5).</param>
    public static CgroupLayout Read(ReadOnlySpan<byte> cgroup, ReadOnlySpan<byte> mountinfo)
    {
        CgroupPlace? v1 = null;
        CgroupPlace? v2 = null;
        while (ProcText.TryLine(ref mountinfo, out var line))
        {
            if (!TryMount(line, out var mount, out var isV2))
            {
                continue;
            }

            // The first of several mounts of the same hierarchy: later ones are what containers see of it.
            if (isV2)
            {
                v2 ??= Place(mount, PathOf(cgroup, default), isV2);
            }
            else
            {
                v1 ??= Place(mount, PathOf(cgroup, "cpu"u8), isV2);
            }
        }

        return new CgroupLayout(v1 ?? v2, v2);
    }

    private static CgroupPlace? Place((string Shown, string At) mount, string? path, bool isV2)
    {
        if (path is null)
        {
            return null;
        }

        var at = mount.At.TrimEnd('/');
        var inside = Inside(path.Trim('/'), mount.Shown.Trim('/'));
        return new CgroupPlace(at, inside, isV2);
    }

    private static string Inside(string path, string shown)
    {
        if (path.Split('/').Contains("..") || path == shown)
        {
            return "";
        }

        if (shown.Length == 0)
        {
            return path;
        }

        return path.StartsWith(shown + "/", StringComparison.Ordinal) ? path[(shown.Length + 1)..] : "";
    }

    /// <summary>Our path in the hierarchy of a controller of version 1, or for none in version 2's.</summary>
    private static string? PathOf(ReadOnlySpan<byte> cgroup, ReadOnlySpan<byte> controller)
    {
        while (ProcText.TryLine(ref cgroup, out var line))
        {
            var first = line.IndexOf((byte)':');
            var second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (second < 0)
            {
                continue;
            }

            var controllers = line.Slice(first + 1, second);
            var path = line[(first + second + 2)..];
            var isIt = controller.IsEmpty ? controllers.IsEmpty && line[..first].SequenceEqual("0"u8) : HasItem(controllers, controller);
            if (isIt && path.Length is > 0 and <= LongestPath && path[0] == '/')
            {
                return Encoding.UTF8.GetString(path);
            }
        }

        return null;
    }

    /// <summary>A mount of version 2, or of version 1 with the CPU controller: the directory of the hierarchy that it shows, and where.</summary>
    private static bool TryMount(ReadOnlySpan<byte> line, out (string Shown, string At) mount, out bool isV2)
    {
        (mount, isV2) = (default, false);
        var dash = line.IndexOf(" - "u8);
        if (dash < 0)
        {
            return false;
        }

        var behind = line[(dash + 3)..];
        var type = ProcText.Word(ref behind);
        isV2 = type.SequenceEqual("cgroup2"u8);
        _ = ProcText.Word(ref behind);
        if (!isV2 && !(type.SequenceEqual("cgroup"u8) && HasItem(ProcText.Word(ref behind), "cpu"u8)))
        {
            return false;
        }

        var before = line[..dash];
        for (var i = 0; i < 3; i++)
        {
            _ = ProcText.Word(ref before);
        }

        var shown = ProcText.Word(ref before);
        var at = ProcText.Word(ref before);
        if (shown.IsEmpty || at.IsEmpty || at[0] != '/' || shown.Length > LongestPath || at.Length > LongestPath)
        {
            return false;
        }

        mount = (Unescaped(shown), Unescaped(at));
        return true;
    }

    private static bool HasItem(ReadOnlySpan<byte> list, ReadOnlySpan<byte> item)
    {
        while (!list.IsEmpty)
        {
            var comma = list.IndexOf((byte)',');
            if ((comma < 0 ? list : list[..comma]).SequenceEqual(item))
            {
                return true;
            }

            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return false;
    }

    /// <summary>Blanks, tabs, line ends and backslashes are written as <c>\040</c> and so on.</summary>
    private static string Unescaped(ReadOnlySpan<byte> word)
    {
        var bytes = new byte[word.Length];
        var length = 0;
        for (var i = 0; i < word.Length; i++)
        {
            var isEscape = word[i] == '\\' && i + 3 < word.Length && IsOctal(word.Slice(i + 1, 3));
            bytes[length++] = isEscape ? (byte)(((word[i + 1] - '0') << 6) | ((word[i + 2] - '0') << 3) | (word[i + 3] - '0')) : word[i];
            i += isEscape ? 3 : 0;
        }

        return Encoding.UTF8.GetString(bytes.AsSpan(0, length));
    }

    private static bool IsOctal(ReadOnlySpan<byte> digits) => digits[0] is >= (byte)'0' and <= (byte)'3' && digits[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0;
}
