using System.Globalization;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>What the kernel knows of the sockets at an address: /proc/net/tcp, proc(5).</summary>
internal static class SocketTable
{
    private const int LocalAddress = 1;
    private const int Inode = 9;

    /// <summary>
    /// IPv4 sockets at the address that a process still holds, listeners included. The address belongs to one agent alone,
    /// so unlike the count of /proc/self/fd this one is not disturbed by what other tests do meanwhile.
    /// </summary>
    public static int CountAt(NodeEndpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[4];
        endpoint.WriteAddress(bytes);
        // The kernel prints the address as a number in the host's order: on x86 and ARM the bytes turned around.
        var address = string.Create(CultureInfo.InvariantCulture, $"{bytes[3]:X2}{bytes[2]:X2}{bytes[1]:X2}{bytes[0]:X2}:");
        return File.ReadLines("/proc/net/tcp")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(f => f[LocalAddress].StartsWith(address, StringComparison.Ordinal) && f[Inode] != "0");
    }
}
