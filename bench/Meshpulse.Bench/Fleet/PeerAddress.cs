using System.Net;

namespace Meshpulse.Bench.Fleet;

/// <summary>Where the counterparts are: as bench/c/peers.c has it.</summary>
internal static class PeerAddress
{
    private const uint First = 0x7f080001;
    private const int OfOctet = 254;

    /// <summary>That of one, counted from 0.</summary>
    public static IPAddress Of(int number)
    {
        var host = First + (uint)(number / OfOctet << 8) + (uint)(number % OfOctet);
        return new IPAddress([(byte)(host >> 24), (byte)(host >> 16), (byte)(host >> 8), (byte)host]);
    }
}
