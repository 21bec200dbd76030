using System.Runtime.CompilerServices;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>The probing path: nothing here allocates, blocks or throws.</summary>
public sealed partial class TcpSocket
{
    // Room for one timespec (32 bytes with its head and padding) and one more small message.
    private const int ControlWords = 8;

    /// <summary>
    /// Gives bytes to the kernel, send(2) with MSG_NOSIGNAL and MSG_DONTWAIT. It may take fewer than offered: the rest
    /// is the caller's to keep, as part of a frame on the stream can't be taken back.
    /// </summary>
    /// <returns>
    /// The count taken; or EAGAIN (the low-water mark or the buffer is reached), EPIPE (this end was shut, or the
    /// connection is gone), ECONNRESET, ETIMEDOUT, EHOSTUNREACH and the like (the connection is lost).
    /// </returns>
    public unsafe IoResult Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            return IoResult.Of(Libc.send(Descriptor, buffer, (nuint)bytes.Length, _sendFlags));
        }
    }

    /// <summary>Takes what has arrived, recvmsg(2) with MSG_DONTWAIT, and the arrival's stamp.</summary>
    /// <param name="buffer">At least one byte (else EINVAL); larger than what may have come, for the stamp's sake.</param>
    /// <param name="kernelStamp">The wall time at which the newest segment among these bytes (or merged with them) arrived.</param>
    /// <param name="hasStamp">False where the kernel took none: <paramref name="kernelStamp"/> is then meaningless.</param>
    /// <returns>The count, 0 at the end of the stream; or EAGAIN (nothing has come), ECONNRESET, ETIMEDOUT and the like.</returns>
    [SkipLocalsInit]
    public unsafe IoResult Receive(Span<byte> buffer, out WallTime kernelStamp, out bool hasStamp)
    {
        kernelStamp = default;
        hasStamp = false;
        if (buffer.IsEmpty)
        {
            // The kernel would say 0, which means that the peer has finished.
            return IoResult.Failed(Errno.EINVAL);
        }

        var control = stackalloc ulong[ControlWords];
        fixed (byte* first = buffer)
        {
            var part = new Iovec { iov_base = first, iov_len = (nuint)buffer.Length };
            var message = new Msghdr { msg_iov = &part, msg_iovlen = 1 };
            if (HasKernelStamps)
            {
                message.msg_control = control;
                message.msg_controllen = ControlWords * sizeof(ulong);
            }

            var result = IoResult.Of(Libc.recvmsg(Descriptor, &message, MSG_DONTWAIT));
            if (result.Count > 0 && HasKernelStamps)
            {
                hasStamp = ReceiveStamp.TryRead((byte*)control, (int)message.msg_controllen, out kernelStamp);
            }

            return result;
        }
    }
}
