using System.Runtime.InteropServices;

namespace Meshpulse.Agent.Analysis;

/// <summary>
/// Makes this program findable for the commands of analyses, so that <c>meshpulse trace</c> works as one without being installed: its folder
/// is the last of PATH, and it is told where the runtime is, which the shell that started us may not have said.
/// </summary>
internal static class OwnProgram
{
    private const string Path = "PATH";
    private const string DotnetRoot = "DOTNET_ROOT";

    // What a shell takes where PATH is not set.
    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The variables of a command, with those that it needs for this.</summary>
    /// <param name="variables">The command's own; none of them is changed.</param>
    /// <param name="environment">Gives what our own environment has.</param>
    public static IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> variables, Func<string, string?> environment)
    {
        var folder = AppContext.BaseDirectory.TrimEnd('/');
        var path = environment(Path) is { Length: > 0 } known ? known : UsualPath;
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // A folder with a colon can't be in PATH.
            [Path] = folder.Contains(':') || path.Split(':').Contains(folder) ? path : $"{path}:{folder}",
        };
        if (string.IsNullOrEmpty(environment(DotnetRoot)) && RuntimeRoot() is { } root)
        {
            all[DotnetRoot] = root;
        }

        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>The folder of the shared runtime that we run on; null where the program brings its own.</summary>
    private static string? RuntimeRoot()
    {
        // ROOT/shared/Microsoft.NETCore.App/VERSION/
        var root = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return Directory.Exists(System.IO.Path.Combine(root, "host", "fxr")) ? root : null;
    }
}
