using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class TcpSocketSetupTests
{
    private static bool HasIpv6 => File.Exists("/proc/net/if_inet6") && File.ReadAllText("/proc/net/if_inet6").Contains(" lo");

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.9.8.7:0")]
    [InlineData("[::1]:0")]
    public void Both_ends_agree_on_who_they_are(string address)
    {
        Assert.SkipUnless(HasIpv6 || address[0] != '[', "no IPv6 on the loopback interface");
        using var pair = new LoopbackPair(address: address);
        Assert.NotEqual(0, pair.Listener.LocalEndpoint.Port);
        Assert.Equal(pair.Listener.LocalEndpoint, pair.Client.RemoteEndpoint);
        Assert.Equal(pair.Client.LocalEndpoint, pair.Server.RemoteEndpoint);
        Assert.Equal(pair.Client.LocalEndpoint, pair.AcceptedFrom);
        Assert.Equal(pair.Server.LocalEndpoint, pair.Client.RemoteEndpoint);
        Assert.Equal(default, pair.Listener.RemoteEndpoint);
    }

    [Theory]
    [InlineData("127.0.6.1:0", "127.0.6.9:0")]
    [InlineData("[::1]:0", "[::1]:0")]
    public void A_connection_comes_from_the_address_that_was_asked_for(string listen, string from)
    {
        Assert.SkipUnless(HasIpv6 || listen[0] != '[', "no IPv6 on the loopback interface");
        using var listener = TcpSocket.Listen(LoopbackPair.Endpoint(listen), 4, LoopbackPair.Plain);
        using var client = TcpSocket.Connect(LoopbackPair.Endpoint(from), listener.LocalEndpoint, LoopbackPair.Plain, out var error);
        Assert.NotNull(client);
        Assert.Equal(Errno.EINPROGRESS, error);
        LoopbackPair.WaitWritable(client);
        Assert.Equal(Errno.None, client.FinishConnect());
        Assert.True(client.LocalEndpoint.SameAddress(LoopbackPair.Endpoint(from)));
        Assert.NotEqual(0, client.LocalEndpoint.Port);
        LoopbackPair.WaitReadable(listener);
        using var server = listener.Accept(out var remote, out _);
        Assert.Equal(client.LocalEndpoint, remote);
    }

    [Fact]
    public void Nobody_waiting_is_would_block()
    {
        using var listener = TcpSocket.Listen(LoopbackPair.Endpoint("127.0.0.1:0"), 4, LoopbackPair.Plain);
        Assert.Null(listener.Accept(out var remote, out var error));
        Assert.Equal(Errno.EAGAIN, error);
        Assert.Equal(default, remote);
    }

    [Fact]
    public void A_port_without_a_listener_refuses()
    {
        // From another address, or the kernel might pick the very port and connect the socket to itself.
        using var client = TcpSocket.Connect(LoopbackPair.Endpoint("127.0.6.2:0"), ClosedPort(), LoopbackPair.Plain, out var error);
        if (client is null)
        {
            Assert.Equal(Errno.ECONNREFUSED, error);
            return;
        }

        var found = LoopbackPair.WaitWritable(client);
        Assert.True(found.Error);
        Assert.Equal(Errno.ECONNREFUSED, client.FinishConnect());
    }

    [Fact]
    public void A_socket_connected_to_itself_counts_as_refused()
    {
        // An address by chance: the connection with itself leaves its port in TIME_WAIT, where another run might want it.
        var self = NodeEndpoint.FromBytes([127, 6, (byte)Random.Shared.Next(256), (byte)Random.Shared.Next(1, 255)], Ports.Next());
        using var client = TcpSocket.Connect(self, self, LoopbackPair.Plain, out var error);
        Assert.True(client is not null, error.Text());
        LoopbackPair.WaitWritable(client);
        Assert.Equal(Errno.ECONNREFUSED, client.FinishConnect());
    }

    /// <summary>A full backlog leaves a connection half made: its SYN is dropped and sent again a second later.</summary>
    [Fact]
    public void A_connection_is_in_progress_until_it_is_established()
    {
        using var listener = TcpSocket.Listen(LoopbackPair.Endpoint("127.0.0.1:0"), 0, LoopbackPair.Plain);
        using var first = TcpSocket.Connect(null, listener.LocalEndpoint, LoopbackPair.Plain, out _);
        LoopbackPair.WaitReadable(listener);

        using var second = TcpSocket.Connect(null, listener.LocalEndpoint, LoopbackPair.Plain, out var error);
        Assert.NotNull(second);
        Assert.Equal(Errno.EINPROGRESS, error);
        Assert.Equal(Errno.EINPROGRESS, second.FinishConnect());
        Assert.Equal(Errno.EAGAIN, second.Receive(new byte[8], out _, out _).Error);
        Assert.True(second.TryGetTcpInfo(out var info));
        Assert.Equal(TcpState.SynSent, info.State);

        using var accepted = listener.Accept(out _, out _);
        Assert.NotNull(accepted);
        LoopbackPair.WaitWritable(second);
        Assert.Equal(Errno.None, second.FinishConnect());
    }

    [Fact]
    public void An_address_in_use_is_named_in_the_exception()
    {
        using var listener = TcpSocket.Listen(LoopbackPair.Endpoint("127.0.6.3:0"), 4, LoopbackPair.Plain);
        var failure = Assert.Throws<SocketSetupException>(() => TcpSocket.Listen(listener.LocalEndpoint, 4, LoopbackPair.Plain));
        Assert.Equal(Errno.EADDRINUSE, failure.Error);
        Assert.Equal($"127.0.6.3:{listener.LocalEndpoint.Port}: address already in use", failure.Message);
    }

    [Fact]
    public void An_address_of_another_host_is_named_in_the_exception()
    {
        // 192.0.2.0/24 is for documentation, RFC 5737: no host has it.
        var failure = Assert.Throws<SocketSetupException>(() => TcpSocket.Listen(LoopbackPair.Endpoint("192.0.2.1:12222"), 4, LoopbackPair.Plain));
        Assert.Equal(Errno.EADDRNOTAVAIL, failure.Error);
        Assert.Equal("192.0.2.1:12222: cannot assign requested address", failure.Message);

        Assert.Null(TcpSocket.Connect(LoopbackPair.Endpoint("192.0.2.1:0"), ClosedPort(), LoopbackPair.Plain, out var error));
        Assert.Equal(Errno.EADDRNOTAVAIL, error);
    }

    [Fact]
    public void A_refused_option_is_named_in_the_exception()
    {
        var wrong = LoopbackPair.Plain with { UserTimeout = new Duration(-1) };
        var failure = Assert.Throws<SocketSetupException>(() => TcpSocket.Listen(LoopbackPair.Endpoint("127.0.0.1:12222"), 4, wrong));
        Assert.Equal("127.0.0.1:12222: TCP_USER_TIMEOUT: invalid argument", failure.Message);
        Assert.Null(TcpSocket.Connect(null, ClosedPort(), wrong, out var error));
        Assert.Equal(Errno.EINVAL, error);
    }

    [Fact]
    public void A_failed_setup_leaks_no_descriptor()
    {
        using var listener = TcpSocket.Listen(LoopbackPair.Endpoint("127.0.6.4:0"), 4, LoopbackPair.Plain);
        // Other tests open sockets meanwhile: a leak of one in each of many failures stands out from that.
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 500; i++)
        {
            _ = Assert.Throws<SocketSetupException>(() => TcpSocket.Listen(listener.LocalEndpoint, 4, LoopbackPair.Plain));
            Assert.Null(TcpSocket.Connect(LoopbackPair.Endpoint("192.0.2.1:0"), listener.LocalEndpoint, LoopbackPair.Plain, out _));
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 400);
    }

    [Fact]
    public void Both_ends_have_the_options_though_only_the_listener_was_told()
    {
        var options = new TcpOptions
        {
            NotSentLowWater = 5000,
            // Rounded up to whole milliseconds: 0 would mean the default.
            UserTimeout = new Duration(7_000_000_001),
            KeepAliveIdle = Duration.FromSeconds(33),
            KernelStamps = true,
        };
        using var pair = new LoopbackPair(options);
        foreach (var socket in (TcpSocket[])[pair.Client, pair.Server])
        {
            Assert.NotEqual(0, Option(socket, SocketConstants.IPPROTO_TCP, SocketConstants.TCP_NODELAY));
            Assert.Equal(5000, Option(socket, SocketConstants.IPPROTO_TCP, SocketConstants.TCP_NOTSENT_LOWAT));
            Assert.Equal(7001, Option(socket, SocketConstants.IPPROTO_TCP, SocketConstants.TCP_USER_TIMEOUT));
            Assert.Equal(33, Option(socket, SocketConstants.IPPROTO_TCP, SocketConstants.TCP_KEEPIDLE));
            Assert.Equal(1, Option(socket, SocketConstants.SOL_SOCKET, SocketConstants.SO_KEEPALIVE));
            Assert.Equal(1, Option(socket, SocketConstants.SOL_SOCKET, SocketConstants.SO_TIMESTAMPNS));
            Assert.True(socket.HasKernelStamps);
        }
    }

    [Fact]
    public void Unless_asked_there_are_no_stamps_and_no_keepalives()
    {
        using var pair = new LoopbackPair();
        foreach (var socket in (TcpSocket[])[pair.Client, pair.Server])
        {
            Assert.False(socket.HasKernelStamps);
            Assert.Equal(0, Option(socket, SocketConstants.SOL_SOCKET, SocketConstants.SO_TIMESTAMPNS));
            Assert.Equal(0, Option(socket, SocketConstants.SOL_SOCKET, SocketConstants.SO_KEEPALIVE));
        }
    }

    [Fact]
    public void Two_families_can_listen_on_one_port()
    {
        Assert.SkipUnless(HasIpv6, "no IPv6 on the loopback interface");
        using var any = TcpSocket.Listen(LoopbackPair.Endpoint("[::]:0").WithPort(Ports.Next()), 4, LoopbackPair.Plain);
        using var v4 = TcpSocket.Listen(LoopbackPair.Endpoint("127.0.6.5:0").WithPort(any.LocalEndpoint.Port), 4, LoopbackPair.Plain);
        Assert.Equal(any.LocalEndpoint.Port, v4.LocalEndpoint.Port);
    }

    private static int Option(TcpSocket socket, int level, int option)
    {
        Assert.Equal(Errno.None, SocketOptions.Get(socket.Descriptor, level, option, out var value));
        return value;
    }

    private static NodeEndpoint ClosedPort() => LoopbackPair.Endpoint("127.0.6.1:0").WithPort(Ports.Next());
}
