using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Tests.Interop;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class DescriptorSafetyTests
{
    [Fact]
    public void A_closed_socket_answers_everything_with_a_bad_descriptor()
    {
        using var pair = new LoopbackPair();
        var socket = pair.Client;
        var (local, remote) = (socket.LocalEndpoint, socket.RemoteEndpoint);
        socket.Dispose();
        Assert.True(socket.IsClosed);
        Assert.Equal(Errno.EBADF, socket.Send([1]).Error);
        Assert.Equal(Errno.EBADF, socket.Receive(new byte[1], out _, out _).Error);
        Assert.Equal(Errno.EBADF, socket.FinishConnect());
        Assert.Equal(Errno.EBADF, socket.ShutdownSend());
        Assert.Equal(Errno.EBADF, socket.UnreadBytes().Error);
        Assert.Null(socket.Accept(out _, out var error));
        Assert.Equal(Errno.EBADF, error);
        // For the log line that tells of it.
        Assert.Equal(local, socket.LocalEndpoint);
        Assert.Equal(remote, socket.RemoteEndpoint);
    }

    [Fact]
    public void Closing_again_in_any_way_leaves_the_numbers_next_owner_alone()
    {
        for (var i = 0; i < 50; i++)
        {
            using var old = new LoopbackPair();
            old.Client.Dispose();
            // Takes the lowest free numbers, the one just given back among them.
            using var next = new LoopbackPair();
            old.Client.Dispose();
            old.Client.Abort();
            old.Client.ShutdownAndClose();
            Assert.Equal(1, next.Client.Send([1]).Count);
            Assert.Equal(1, next.Server.Send([1]).Count);
        }
    }

    /// <summary>A duplicate stands for the copy that a child process holds between fork and exec.</summary>
    [Fact]
    public void A_poller_forgets_a_closed_socket_even_where_a_copy_of_it_lives_on()
    {
        using var pair = new LoopbackPair();
        using var poller = new Poller(4);
        Assert.Equal(Errno.None, poller.Add(pair.Client, 1, PollInterest.Read));
        var copy = TestCalls.dup(pair.Client.Descriptor);
        try
        {
            Assert.Equal(3, pair.Server.Send([1, 2, 3]).Count);
            LoopbackPair.WaitUnread(pair.Client, 3);
            var events = new PollEvent[4];
            Assert.Equal(1, poller.Wait(events, Duration.Zero).Count);
            pair.Client.Dispose();
            Assert.Equal(new IoResult(0, Errno.None), poller.Wait(events, Duration.Zero));
        }
        finally
        {
            Assert.Equal(0, TestCalls.close(copy));
        }
    }

    [Fact]
    public void Descriptors_are_not_handed_to_child_processes()
    {
        using var pair = new LoopbackPair();
        foreach (var socket in (TcpSocket[])[pair.Listener, pair.Client, pair.Server])
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{socket.Descriptor}").Single(l => l.StartsWith("flags:", StringComparison.Ordinal));
            var value = Convert.ToInt32(flags["flags:".Length..].Trim(), 8);
            // O_CLOEXEC is shown with the open flags.
            Assert.Equal(SocketConstants.SOCK_CLOEXEC, value & SocketConstants.SOCK_CLOEXEC);
            Assert.Equal(SocketConstants.SOCK_NONBLOCK, value & SocketConstants.SOCK_NONBLOCK);
        }
    }
}
