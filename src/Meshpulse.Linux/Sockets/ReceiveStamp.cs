using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>Finds the receive stamp among ancillary messages, cmsg(3).</summary>
internal static unsafe class ReceiveStamp
{
    /// <summary>Walks the messages with every length checked, whoever wrote them.</summary>
    public static bool TryRead(byte* control, int length, out WallTime stamp)
    {
        var offset = 0;
        while (length - offset >= sizeof(Cmsghdr))
        {
            var head = (Cmsghdr*)(control + offset);
            if (head->cmsg_len < (nuint)sizeof(Cmsghdr) || head->cmsg_len > (nuint)(length - offset))
            {
                break;
            }

            if (head->cmsg_level == SocketConstants.SOL_SOCKET
                && head->cmsg_type == SocketConstants.SO_TIMESTAMPNS
                && head->cmsg_len >= (nuint)(sizeof(Cmsghdr) + sizeof(Timespec)))
            {
                stamp = new WallTime(((Timespec*)(head + 1))->ToNanoseconds());
                return true;
            }

            // Each message begins on a multiple of eight.
            offset += ((int)head->cmsg_len + 7) & ~7;
        }

        stamp = default;
        return false;
    }
}
