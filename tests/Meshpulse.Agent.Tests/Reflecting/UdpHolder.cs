using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Reflecting;

/// <summary>Another program that has a UDP port.</summary>
internal static class UdpHolder
{
    /// <summary>Takes a port that is free.</summary>
    public static Socket Take(NodeEndpoint at)
    {
        var socket = new Socket(at.IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(at.ToIPAddress(), at.Port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes one that is given back: by a thread, in its own time, where that was late when it was to end.</summary>
    public static async Task TakeAsync(NodeEndpoint at)
    {
        await Eventually.TrueAsync(
            () =>
            {
                try
                {
                    Take(at).Dispose();
                    return true;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                {
                    return false;
                }
            },
            $"{at} is given back");
    }
}
