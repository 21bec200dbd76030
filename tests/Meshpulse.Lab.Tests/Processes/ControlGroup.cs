namespace Meshpulse.Lab.Processes;

/// <summary>
/// A control group of our own, cgroups(7), in the hierarchy of one controller: version 1's where that is mounted, else version 2's. When it is disposed of, who
/// is in it goes back to where the tests are.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _parent;
    private readonly string _directory;

    private ControlGroup(string parent, bool isV2)
    {
        (_parent, IsV2) = (parent, isV2);
        _directory = Path.Combine(parent, $"meshpulse-lab-{Environment.ProcessId}-{Random.Shared.Next():x8}");
        Directory.CreateDirectory(_directory);
    }

    /// <summary>Whether it is of version 2, whose files have other names.</summary>
    public bool IsV2 { get; }

    /// <summary>The words that begin a program inside.</summary>
    public IReadOnlyList<string> Enter => ["sh", "-c", $"echo $$ > {_directory}/cgroup.procs && exec \"$@\"", "enter"];

    /// <summary>Makes one. Skips the test where that is not allowed, or the controller is missing.</summary>
    /// <param name="controller">As in <c>cpu</c>, <c>memory</c> or <c>freezer</c>, which in version 2 every group has.</param>
    public static ControlGroup Require(string controller)
    {
        try
        {
            if (OwnInV1(controller) is { } own)
            {
                return new ControlGroup(own, isV2: false);
            }

            Assert.SkipUnless(File.Exists($"{Root}/cgroup.controllers"), $"no cgroup controller {controller} is mounted here");
            if (controller != "freezer")
            {
                File.WriteAllText($"{Root}/cgroup.subtree_control", $"+{controller}");
            }

            return new ControlGroup(Root, isV2: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"a control group for {controller} can't be made here: {e.Message}");
            throw;
        }
    }

    /// <summary>What a file of it says.</summary>
    public string Read(string file) => File.ReadAllText(Path.Combine(_directory, file)).Trim();

    /// <summary>Writes a value to a file of it.</summary>
    public void Set(string file, string value) => File.WriteAllText(Path.Combine(_directory, file), value);

    /// <inheritdoc />
    public void Dispose() => Assert.True(SpinWait.SpinUntil(TryRemove, Until.Hang), $"{_directory} can't be removed");

    /// <summary>False while somebody in it is still ending, or was started a moment ago.</summary>
    private bool TryRemove()
    {
        try
        {
            foreach (var pid in Read("cgroup.procs").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                File.WriteAllText(Path.Combine(_parent, "cgroup.procs"), pid);
            }

            Directory.Delete(_directory);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The group of version 1 in which the tests are; its root where that is not to be seen from here.</summary>
    private static string? OwnInV1(string controller)
    {
        var mount = $"{Root}/{controller}";
        if (!File.Exists($"{mount}/cgroup.procs"))
        {
            return null;
        }

        var path = File.ReadLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).First(parts => parts[1].Split(',').Contains(controller))[2];
        return Directory.Exists(mount + path) ? (mount + path).TrimEnd('/') : mount;
    }
}
