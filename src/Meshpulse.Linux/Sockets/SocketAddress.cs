using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// A sockaddr of either family in the 28 bytes of the larger, on the caller's stack. An IPv6 scope is not kept:
/// <see cref="NodeEndpoint"/> has none.
/// </summary>
internal unsafe struct SocketAddress
{
    public const uint Capacity = 28;

    private fixed ulong _bytes[4];

    /// <summary>The bytes the kernel shall read, or wrote.</summary>
    public uint Length;

    public static int FamilyOf(NodeEndpoint endpoint) => endpoint.IsV6 ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;

    public static void From(NodeEndpoint endpoint, out SocketAddress address)
    {
        address = default;
        fixed (ulong* bytes = address._bytes)
        {
            var port = BinaryPrimitives.ReverseEndianness((ushort)endpoint.Port);
            if (endpoint.IsV6)
            {
                var v6 = (SockaddrIn6*)bytes;
                v6->sin6_family = SocketConstants.AF_INET6;
                v6->sin6_port = port;
                endpoint.WriteAddress(new Span<byte>(v6->sin6_addr, 16));
                address.Length = (uint)sizeof(SockaddrIn6);
            }
            else
            {
                var v4 = (SockaddrIn*)bytes;
                v4->sin_family = SocketConstants.AF_INET;
                v4->sin_port = port;
                endpoint.WriteAddress(new Span<byte>(&v4->sin_addr, 4));
                address.Length = (uint)sizeof(SockaddrIn);
            }
        }
    }

    /// <summary>Where the bytes are; the struct must live on the stack.</summary>
    public static void* Pointer(ref SocketAddress address) => Unsafe.AsPointer(ref address._bytes[0]);

    /// <summary>The local name of a socket, getsockname(2); the default value where it has none.</summary>
    public static NodeEndpoint OfSocket(int fd)
    {
        SocketAddress address = default;
        var length = Capacity;
        return Libc.getsockname(fd, Pointer(ref address), &length) < 0 ? default : address.ToEndpoint();
    }

    /// <summary>The endpoint that the kernel wrote; the default value for a family that is neither.</summary>
    public readonly NodeEndpoint ToEndpoint()
    {
        fixed (ulong* bytes = _bytes)
        {
            return Read((byte*)bytes, (int)Capacity);
        }
    }

    /// <summary>The endpoint in a sockaddr of at most <paramref name="length"/> bytes; the default value where there is none of a known family.</summary>
    public static NodeEndpoint Read(byte* bytes, int length)
    {
        if (length < sizeof(SockaddrIn))
        {
            return default;
        }

        switch (*(ushort*)bytes)
        {
            case SocketConstants.AF_INET:
                var v4 = (SockaddrIn*)bytes;
                return NodeEndpoint.FromBytes(new ReadOnlySpan<byte>(&v4->sin_addr, 4), BinaryPrimitives.ReverseEndianness(v4->sin_port));
            case SocketConstants.AF_INET6 when length >= sizeof(SockaddrIn6):
                var v6 = (SockaddrIn6*)bytes;
                return NodeEndpoint.FromBytes(new ReadOnlySpan<byte>(v6->sin6_addr, 16), BinaryPrimitives.ReverseEndianness(v6->sin6_port));
            default:
                return default;
        }
    }
}
