using System.Globalization;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Verdicts;

/// <summary>
/// A program that is short of memory for moments: it lives in a control group, which has room then for few of the files that the program runs from, and each time for fewer.
/// <para>
/// The problem: whoever reads a page of a file first is charged for it, and a limit takes away only what is charged. The program and its runtime were read long ago by somebody
/// else, its own memory can't go anywhere where there is no swap, and so a limit either takes nothing that it misses or kills it.
/// </para>
/// <para>
/// Here the program is started from copies that the group has made, of itself and of its runtime, and readers of a large file in there want the same pages. The kernel is told to
/// kill nobody: who can't go on waits until there is room again.
/// </para>
/// </summary>
internal sealed class ShortMemory : IDisposable
{
    private const string Copy = """
        set -e
        to=$1 from=${2%/*}
        shift 2
        mkdir "$to" "$to/program"
        cp -r "$DOTNET_ROOT/host" "$DOTNET_ROOT/shared" "$to"
        cp -r "$from/." "$to/program"
        dd if=/dev/zero of="$to/large" bs=1M count=192 2> /dev/null
        sync -f "$to"
        export DOTNET_ROOT="$to"
        exec "$to/program/meshpulse" "$@"
        """;

    private static readonly TimeSpan s_squeeze = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(2);

    private readonly ControlGroup _group;
    private readonly string _folder;

    private ShortMemory(ControlGroup group, string folder) => (_group, _folder) = (group, folder);

    /// <summary>The words that begin the program inside, before its file.</summary>
    public IReadOnlyList<string> Enter => [.. _group.Enter, "sh", "-c", Copy, "copy", _folder];

    /// <summary>Makes one. Skips the test where the files would have no disk that they can be read from again.</summary>
    /// <param name="group">Of the controller <c>memory</c>.</param>
    /// <param name="folder">Where the copies are to be made, some 300 MB. It stays when this is disposed of, for the program may read more of it at any time.</param>
    public static async Task<ShortMemory> RequireAsync(ControlGroup group, string folder)
    {
        await Disk.RequireAsync(folder);
        if (!group.IsV2)
        {
            group.Set("memory.oom_control", "1");
        }

        return new ShortMemory(group, folder);
    }

    /// <summary>
    /// Takes room away for a moment, and gives it back so that the program can tell; each time more of it, until this has come. Who is never given it back ends up reading
    /// every page before each step, and tells nobody anything.
    /// </summary>
    public async Task SqueezeUntilAsync(Task come)
    {
        using var readers = await Load.StartAsync(2, $"cat {_folder}/large > /dev/null", [.. _group.Enter]);
        for (var spare = 40; !come.IsCompleted; spare = Math.Max(spare - 4, 12))
        {
            var bytes = Needed + ((long)spare << 20);
            SpinWait.SpinUntil(() => TryLimit(bytes), s_squeeze);
            await Task.WhenAny(come, Task.Delay(s_squeeze));
            Lift();
            await Task.WhenAny(come, Task.Delay(s_rest));
        }

        await come;
    }

    /// <inheritdoc />
    public void Dispose() => Lift();

    /// <summary>What can't be read from a disk again, bytes.</summary>
    private long Needed => _group.IsV2
        ? Stat("anon") + Stat("shmem") + Stat("kernel")
        : Stat("rss") + Stat("shmem") + long.Parse(_group.Read("memory.kmem.usage_in_bytes"), CultureInfo.InvariantCulture);

    /// <summary>Gives it all the room that it wants.</summary>
    private void Lift() => Assert.True(TryLimit(1L << 40), "the limit can't be lifted");

    /// <summary>False where version 1's kernel did not get that much back at once.</summary>
    private bool TryLimit(long bytes)
    {
        try
        {
            _group.Set(_group.IsV2 ? "memory.high" : "memory.limit_in_bytes", $"{bytes}");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private long Stat(string name)
    {
        var line = _group.Read("memory.stat").Split('\n').First(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return long.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
