using System.Net;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Addresses that nobody else uses: all of 127.0.0.0/8 is this host, and each node of a test has its own.</summary>
internal static class LoopbackAddresses
{
    private static readonly byte s_process = (byte)(20 + (Environment.ProcessId % 150));
    private static int s_last;

    /// <summary>An identity at an address of its own, where nobody listens.</summary>
    public static NodeEndpoint Next()
    {
        var number = Interlocked.Increment(ref s_last);
        return NodeEndpoint.FromBytes([127, s_process, (byte)(number / 250), (byte)(1 + (number % 250))], 12222);
    }

    /// <summary>An identity at ::1, which all share, with a port of its own.</summary>
    public static NodeEndpoint NextV6() => NodeEndpoint.From(IPAddress.IPv6Loopback, Ports.Next());
}
