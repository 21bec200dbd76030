using System.Text;

namespace Meshpulse.Cli.Commands;

/// <summary>
/// By which name the program was called. .NET hides argv[0] (it shows the program's own path), so it is read from
/// <c>/proc/self/cmdline</c> (proc(5)), where the arguments stand separated by zero bytes.
/// </summary>
public static class InvocationName
{
    /// <summary>The program's own name, used where the caller gave none.</summary>
    public const string Default = "meshpulse";

    /// <summary>The name that promises the older tool's command line: its options, and no sub-commands.</summary>
    public const string MeshMonitor = "meshmonitor";

    /// <summary>The name of another older tool: what follows is what follows <c>check</c> otherwise.</summary>
    public const string MehshCheck = "mehsh_check";

    /// <summary>The last part of argv[0]; <see cref="Default"/> where that can't be read or is empty.</summary>
    public static string Read()
    {
        try
        {
            return FromCommandLine(File.ReadAllBytes("/proc/self/cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Default;
        }
    }

    /// <summary>The same from the bytes of a <c>cmdline</c> file.</summary>
    public static string FromCommandLine(ReadOnlySpan<byte> commandLine)
    {
        var end = commandLine.IndexOf((byte)0);
        var path = end < 0 ? commandLine : commandLine[..end];
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        return name.IsEmpty ? Default : Encoding.UTF8.GetString(name);
    }

    /// <summary>What usage and version lines say: a name with a meaning as it is, any other as <see cref="Default"/>.</summary>
    public static string Shown(string invokedAs) => invokedAs is MeshMonitor or MehshCheck ? invokedAs : Default;
}
