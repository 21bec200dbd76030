using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>Finds the receive stamp of SO_TIMESTAMPNS among ancillary messages.</summary>
internal static unsafe class ReceiveStamp
{
    /// <summary>False where there is none.</summary>
    public static bool TryRead(byte* control, int length, out WallTime stamp)
    {
        var messages = new ControlMessages(control, length);
        while (messages.MoveNext())
        {
            if (messages.Level == SocketConstants.SOL_SOCKET
                && messages.Type == SocketConstants.SO_TIMESTAMPNS
                && messages.Length >= sizeof(Timespec))
            {
                stamp = new WallTime(((Timespec*)messages.Data)->ToNanoseconds());
                return true;
            }
        }

        stamp = default;
        return false;
    }
}
