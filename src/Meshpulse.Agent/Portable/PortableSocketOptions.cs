using System.Buffers.Binary;
using System.Net.Sockets;

namespace Meshpulse.Agent.Portable;

/// <summary>Sets <see cref="PortableUdpOptions"/>. The runtime has no names for the options of IPv6, whose numbers differ by platform.</summary>
internal static class PortableSocketOptions
{
    private const int IPPROTO_IPV6 = 41;

    /// <returns>The names of those that the platform refuses or does not have.</returns>
    public static IReadOnlyList<string> Apply(Socket socket, in PortableUdpOptions options)
    {
        var refused = new List<string>();
        var (timeToLive, typeOfService, buffer) = (options.TimeToLive, options.TypeOfService, options.ReceiveBuffer);
        var isV6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        Try(refused, "receive buffer", buffer != 0, () => socket.ReceiveBufferSize = buffer);
        Try(refused, "time to live", timeToLive != 0, () => socket.Ttl = (short)timeToLive);
        Try(refused, "type of service", typeOfService != 0, () => SetTypeOfService(socket, isV6, typeOfService));
        Try(refused, "don't fragment", options.DontFragment, () => SetDontFragment(socket, isV6));
        return refused;
    }

    private static void Try(List<string> refused, string name, bool isWanted, Action set)
    {
        try
        {
            if (isWanted)
            {
                set();
            }
        }
        catch (Exception e) when (e is SocketException or PlatformNotSupportedException or NotSupportedException)
        {
            refused.Add(name);
        }
    }

    private static void SetTypeOfService(Socket socket, bool isV6, int value)
    {
        if (OperatingSystem.IsWindows())
        {
            // It takes the option and leaves the field 0: there a policy of the system decides.
            throw new PlatformNotSupportedException();
        }

        if (isV6)
        {
            // IPV6_TCLASS of linux/in6.h and of Darwin's netinet6/in6.h.
            SetV6(socket, linux: 67, darwin: 36, value);
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, value);
    }

    private static void SetDontFragment(Socket socket, bool isV6)
    {
        if (!isV6)
        {
            socket.DontFragment = true;
        }
        else if (OperatingSystem.IsLinux())
        {
            // IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DO.
            SetV6(socket, linux: 23, darwin: null, 2);
        }
        else
        {
            // IPV6_DONTFRAG.
            SetV6(socket, linux: null, darwin: 62, 1);
        }
    }

    private static void SetV6(Socket socket, int? linux, int? darwin, int value)
    {
        var number = OperatingSystem.IsLinux() ? linux : OperatingSystem.IsMacOS() ? darwin : null;
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        }

        socket.SetRawSocketOption(IPPROTO_IPV6, number ?? throw new PlatformNotSupportedException(), bytes);
    }
}
