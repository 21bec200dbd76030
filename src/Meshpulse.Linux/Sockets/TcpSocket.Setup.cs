using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>How listeners and connections come into being.</summary>
public sealed partial class TcpSocket
{
    /// <summary>
    /// Listens, with SO_REUSEADDR (a restart need not wait for old connections to time out) and, for IPv6,
    /// IPV6_V6ONLY (so that a node may listen on both families).
    /// </summary>
    /// <param name="local">Address and port; port 0 takes a free one, see <see cref="LocalEndpoint"/>.</param>
    /// <param name="backlog">Connections that may wait to be accepted, cut to net.core.somaxconn.</param>
    /// <param name="options">Handed on to every accepted connection.</param>
    /// <exception cref="SocketSetupException">The address is in use, not of this host or not permitted; or an option was refused.</exception>
    public static TcpSocket Listen(NodeEndpoint local, int backlog, in TcpOptions options)
    {
        var fd = Open(local, out var error);
        if (error != Errno.None)
        {
            throw new SocketSetupException(local.ToString(), error);
        }

        var step = TryListen(fd, local, backlog, options, out error);
        if (error == Errno.None)
        {
            return new TcpSocket(fd, default, TryEnableStamps(fd, options), SendFlagsOf(options));
        }

        _ = Libc.close(fd);
        throw new SocketSetupException(step is null ? local.ToString() : $"{local}: {step}", error);
    }

    /// <summary>
    /// Takes one waiting connection, accept(2). It has the listener's options, stamps included.
    /// </summary>
    /// <param name="error">
    /// EAGAIN where none waits; ECONNABORTED and the like where one went before it was taken (go on); EMFILE, ENFILE,
    /// ENOBUFS, ENOMEM where this host is at a limit (the connection keeps waiting and the listener stays readable).
    /// </param>
    /// <returns>Null where there is an error.</returns>
    public unsafe TcpSocket? Accept(out NodeEndpoint remote, out Errno error)
    {
        SocketAddress address = default;
        var length = SocketAddress.Capacity;
        var fd = Libc.accept4(Descriptor, SocketAddress.Pointer(ref address), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        error = Libc.ErrnoOf(fd);
        remote = error == Errno.None ? address.ToEndpoint() : default;
        return error == Errno.None ? new TcpSocket(fd, remote, HasKernelStamps, _sendFlags) : null;
    }

    /// <summary>
    /// Begins a connection, connect(2). Where the socket becomes writable ask <see cref="FinishConnect"/>.
    /// </summary>
    /// <param name="localAddress">
    /// The address to come from; its port is normally 0, and is then chosen as the connection is made
    /// (IP_BIND_ADDRESS_NO_PORT), so that a port in use towards one peer can still be used towards another.
    /// </param>
    /// <param name="error">EINPROGRESS as a rule, None where it was established at once; otherwise why it failed.</param>
    /// <returns>Null where it failed.</returns>
    public static TcpSocket? Connect(NodeEndpoint? localAddress, NodeEndpoint remote, in TcpOptions options, out Errno error)
    {
        var fd = Open(remote, out error);
        if (error != Errno.None)
        {
            return null;
        }

        error = SocketOptions.Apply(fd, options, out _);
        // Before connecting: the peer may speak as soon as it accepts.
        var stamps = TryEnableStamps(fd, options);
        if (error == Errno.None && localAddress is { } local)
        {
            error = BindLocal(fd, local);
        }

        error = error == Errno.None ? StartConnect(fd, remote) : error;
        if (error is Errno.None or Errno.EINPROGRESS)
        {
            return new TcpSocket(fd, remote, stamps, SendFlagsOf(options));
        }

        _ = Libc.close(fd);
        return null;
    }

    /// <summary>
    /// How the connection went: None when established, EINPROGRESS while it is not, else why it failed (once: reading
    /// SO_ERROR clears it). SO_ERROR alone is 0 as well while nothing is decided, so the peer's name is asked for too.
    /// A port from the ephemeral range without a listener can connect to <em>itself</em> (a simultaneous open, RFC 9293
    /// section 3.5); nobody else answered, so that is reported as ECONNREFUSED.
    /// </summary>
    public unsafe Errno FinishConnect()
    {
        var failed = SocketOptions.Get(Descriptor, SOL_SOCKET, SO_ERROR, out var pending);
        if (failed != Errno.None || pending != 0)
        {
            return failed != Errno.None ? failed : (Errno)pending;
        }

        SocketAddress address = default;
        var length = SocketAddress.Capacity;
        var error = Libc.ErrnoOf(Libc.getpeername(Descriptor, SocketAddress.Pointer(ref address), &length));
        if (error != Errno.None)
        {
            return error == Errno.ENOTCONN ? Errno.EINPROGRESS : error;
        }

        LocalEndpoint = SocketAddress.OfSocket(Descriptor);
        return LocalEndpoint == RemoteEndpoint ? Errno.ECONNREFUSED : Errno.None;
    }

    private static int Open(NodeEndpoint endpoint, out Errno error)
    {
        var fd = Libc.socket(SocketAddress.FamilyOf(endpoint), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
        error = Libc.ErrnoOf(fd);
        return fd;
    }

    /// <summary>Returns the option that was refused, or null where it was the address itself or all went well.</summary>
    private static string? TryListen(int fd, NodeEndpoint local, int backlog, in TcpOptions options, out Errno error)
    {
        error = SocketOptions.Apply(fd, options, out var refused);
        if (error != Errno.None)
        {
            return refused;
        }

        error = SocketOptions.Set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        if (error == Errno.None && local.IsV6)
        {
            error = SocketOptions.Set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
        }

        error = error == Errno.None ? Bind(fd, local) : error;
        error = error == Errno.None ? Libc.ErrnoOf(Libc.listen(fd, backlog)) : error;
        return null;
    }

    private static Errno BindLocal(int fd, NodeEndpoint local)
    {
        if (local.Port == 0)
        {
            // Best effort: without it (Linux before 4.2) the port is merely chosen earlier. IPv6 sockets take it as well.
            _ = SocketOptions.Set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        }

        return Bind(fd, local);
    }

    private static unsafe Errno Bind(int fd, NodeEndpoint local)
    {
        SocketAddress.From(local, out var address);
        return Libc.ErrnoOf(Libc.bind(fd, SocketAddress.Pointer(ref address), address.Length));
    }

    private static unsafe Errno StartConnect(int fd, NodeEndpoint remote)
    {
        SocketAddress.From(remote, out var address);
        return Libc.ErrnoOf(Libc.connect(fd, SocketAddress.Pointer(ref address), address.Length));
    }

    private static bool TryEnableStamps(int fd, in TcpOptions options) =>
        options.KernelStamps && SocketOptions.Set(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1) == Errno.None;

    private static int SendFlagsOf(in TcpOptions options) =>
        MSG_NOSIGNAL | MSG_DONTWAIT | (options.KeepFrameBoundaries ? MSG_EOR : 0);
}
