using System.Text.Json;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Files;

namespace Meshpulse.Agent.Maintenance;

/// <summary>
/// The file whose existence means maintenance. An empty one, as touch(1) makes it, means so until it is removed; one that
/// our own command wrote may carry a reason and an end. It lies where anybody may write: nothing that stands at its path
/// blocks or breaks anything, and what can't be read as ours means maintenance without an end.
/// </summary>
/// <param name="path">Where it is; see <see cref="DefaultPath"/>.</param>
public sealed class MaintenanceFile(string path)
{
    /// <summary>Where it is unless configured otherwise.</summary>
    public const string DefaultPath = "/tmp/mehsh_maintenance";

    /// <summary>How many UTF-16 units of a reason are kept.</summary>
    public const int LongestReason = 200;

    private const int LongestContent = 4096;

    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>Whether this is maintenance. One that has expired is none, and its file is removed where that is allowed.</summary>
    public MaintenanceState Read(WallTime now)
    {
        var content = new byte[LongestContent];
        var seen = SmallFile.Read(Path, content);
        if (!seen.Exists)
        {
            return MaintenanceState.Off;
        }

        if (seen.Length is not { } length)
        {
            return MaintenanceState.On;
        }

        var state = MaintenanceNote.Read(content.AsMemory(0, length));
        if (state.Until is not { } until || now < until)
        {
            return state;
        }

        RemoveExpired(seen, content.AsSpan(0, length));
        return MaintenanceState.Off;
    }

    /// <summary>Switches it on, in the place of whatever it was before, for everybody who looks at this path.</summary>
    /// <param name="reason">Why; at most <see cref="LongestReason"/> long. Null for no reason.</param>
    /// <param name="until">When it ends by itself; null for never.</param>
    /// <param name="now">When it begins.</param>
    /// <exception cref="IOException">The file can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made, or another user's stands there.</exception>
    public MaintenanceState TurnOn(string? reason, WallTime? until, WallTime now)
    {
        ThrowIfDirectory();
        var state = new MaintenanceState(true, reason, now, until);
        SmallFile.Replace(Path, MaintenanceNote.Write(state));
        return state;
    }

    /// <summary>Switches it off.</summary>
    /// <returns>False where it was off already.</returns>
    /// <exception cref="IOException">The file can't be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public bool TurnOff()
    {
        ThrowIfDirectory();
        if (!SmallFile.Read(Path, []).Exists)
        {
            return false;
        }

        File.Delete(Path);
        return true;
    }

    /// <summary>Writes a state as the members of a JSON object: <c>maintenance</c>, <c>reason</c>, <c>since</c>, <c>until</c>.</summary>
    public static void WriteJson(Utf8JsonWriter json, MaintenanceState state)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(state);
        json.WriteBoolean("maintenance", state.IsOn);
        MaintenanceNote.WriteTo(json, state);
    }

    private void ThrowIfDirectory()
    {
        if (Directory.Exists(Path))
        {
            throw new IOException("a directory stands there; remove it with rmdir");
        }
    }

    // Looked at once more: somebody may have switched it on again since.
    private void RemoveExpired(in SmallFileState seen, ReadOnlySpan<byte> content)
    {
        var again = new byte[LongestContent];
        var now = SmallFile.Read(Path, again);
        if (now != seen || !again.AsSpan(0, now.Length ?? 0).SequenceEqual(content))
        {
            return;
        }

        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, in a directory like /tmp. It means nothing any more.
        }
    }
}
