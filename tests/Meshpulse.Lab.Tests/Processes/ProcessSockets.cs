using System.Globalization;

namespace Meshpulse.Lab.Processes;

/// <summary>
/// The TCP sockets of a process: those of its network (<c>/proc/PID/net/tcp</c> and <c>tcp6</c>, proc(5)) whose inode is
/// behind one of its descriptors. It tells nodes apart that share a network.
/// </summary>
internal static class ProcessSockets
{
    private const string Established = "01";
    private const string Listen = "0A";

    /// <summary>The ports that a process listens on.</summary>
    public static IReadOnlyList<int> Listening(int pid) => [.. Of(pid).Where(s => s.State == Listen).Select(s => s.LocalPort).Order()];

    /// <summary>How many established connections of a process have this port at one end.</summary>
    public static int Connections(int pid, int port) => Of(pid).Count(s => s.State == Established && (s.LocalPort == port || s.RemotePort == port));

    private static List<(int LocalPort, int RemotePort, string State)> Of(int pid)
    {
        var own = Directory.EnumerateFiles($"/proc/{pid}/fd")
            .Select(file => new FileInfo(file).LinkTarget)
            .Where(target => target?.StartsWith("socket:[", StringComparison.Ordinal) == true)
            .Select(target => target!["socket:[".Length..^1])
            .ToHashSet();
        return [.. new[] { "tcp", "tcp6" }
            .SelectMany(table => File.ReadLines($"/proc/{pid}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => own.Contains(fields[9]))
            .Select(fields => (Port(fields[1]), Port(fields[2]), fields[3]))];
    }

    private static int Port(string addressAndPort) =>
        int.Parse(addressAndPort[(addressAndPort.IndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
