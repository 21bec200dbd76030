using System.Net;
using System.Net.Sockets;

namespace Meshpulse.Agent.Fetching;

/// <summary>A TCP socket for one address of a target, marked before its first packet.</summary>
internal static class TargetSocket
{
    // ip(7), ipv6(7): .NET has no name for the second that works on Linux, so both are set by number.
    private const int IpLevel = 0;
    private const int IpTos = 1;
    private const int Ipv6Level = 41;
    private const int Ipv6TrafficClass = 67;

    /// <summary>Connects.</summary>
    /// <param name="dscp">0 to 63; the SYN has it already.</param>
    /// <exception cref="SocketException">The connection failed, or this host has no socket left.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public static async Task<Socket> ConnectAsync(IPEndPoint target, int dscp, CancellationToken stop)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            Mark(socket, dscp);
            await socket.ConnectAsync(target, stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Puts the code point into the upper six bits of the octet (RFC 2474 section 3); the lower two are ECN's, which the kernel keeps.</summary>
    private static void Mark(Socket socket, int dscp)
    {
        Span<byte> octet = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(octet, dscp << 2);

        try
        {
            if (socket.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.SetRawSocketOption(Ipv6Level, Ipv6TrafficClass, octet);
            }
            else
            {
                socket.SetRawSocketOption(IpLevel, IpTos, octet);
            }
        }
        catch (SocketException)
        {
            // A container may forbid it. The target is asked all the same.
        }
    }
}
