using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>A listener with one established connection, seen from both ends, and the waiting that tests need.</summary>
internal sealed class LoopbackPair : IDisposable
{
    /// <summary>How long a thing that must happen may take before the test fails.</summary>
    public static readonly Duration Patience = Duration.FromSeconds(60);

    public LoopbackPair(TcpOptions? options = null, string address = "127.0.0.1:0")
    {
        var chosen = options ?? Plain;
        Listener = TcpSocket.Listen(Endpoint(address), 16, chosen);
        var client = TcpSocket.Connect(null, Listener.LocalEndpoint, chosen, out var error);
        Assert.True(client is not null, error.Text());
        Client = client;
        WaitWritable(Client);
        Assert.Equal(Errno.None, Client.FinishConnect());
        WaitReadable(Listener);
        var server = Listener.Accept(out var remote, out error);
        Assert.True(server is not null, error.Text());
        Server = server;
        AcceptedFrom = remote;
    }

    public static TcpOptions Plain => default;

    public static TcpOptions Stamped => TcpOptions.Heartbeat(4096, Duration.FromSeconds(10), Duration.FromSeconds(60));

    public TcpSocket Listener { get; }

    public TcpSocket Client { get; }

    public TcpSocket Server { get; }

    public NodeEndpoint AcceptedFrom { get; }

    public static NodeEndpoint Endpoint(string text)
    {
        Assert.True(NodeEndpoint.TryParse(text, out var endpoint), text);
        return endpoint;
    }

    public static PollEvent WaitReadable(TcpSocket socket)
    {
        var found = Wait(socket, PollInterest.Read);
        Assert.True(found.Readable);
        return found;
    }

    public static PollEvent WaitWritable(TcpSocket socket)
    {
        var found = Wait(socket, PollInterest.Write);
        Assert.True(found.Writable);
        return found;
    }

    /// <summary>Waits until exactly so many bytes are there to read, without reading them.</summary>
    public static void WaitUnread(TcpSocket socket, int bytes)
    {
        Assert.True(SpinWait.SpinUntil(() => socket.UnreadBytes() == new IoResult(bytes, Errno.None), TimeSpan.FromSeconds(60)));
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        Listener.Dispose();
    }

    private static PollEvent Wait(TcpSocket socket, PollInterest interest)
    {
        using var poller = new Poller(1);
        var events = new PollEvent[1];
        Assert.Equal(Errno.None, poller.Add(socket, 1, interest));
        Assert.Equal(new IoResult(1, Errno.None), poller.Wait(events, Patience));
        Assert.Equal(Errno.None, poller.Remove(socket));
        return events[0];
    }
}
