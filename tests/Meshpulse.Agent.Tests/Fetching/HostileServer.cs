using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Meshpulse.Agent.Tests.Fetching;

/// <summary>A TCP or TLS server on loopback that does with each connection what a test wants, and closes it then.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    /// <summary>What no test should ever need; a test that reaches it hangs.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly Socket _listener;
    private readonly Func<ServerSide, Task> _behave;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Task> _connections = new();
    private readonly Task _accepting;

    public HostileServer(Func<ServerSide, Task> behave, X509Certificate2? certificate = null, IPAddress? address = null, int port = 0, Action<Socket>? prepare = null)
    {
        (_behave, _certificate) = (behave, certificate);
        var local = new IPEndPoint(address ?? IPAddress.Loopback, port);
        _listener = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(local);
        prepare?.Invoke(_listener);
        _listener.Listen(128);
        _accepting = AcceptAsync();
    }

    /// <summary>The heads of the requests that came, in their order.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public int Connections => _connections.Count;

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>A server that says one thing to everybody.</summary>
    public static HostileServer Saying(string answer, X509Certificate2? certificate = null) => new(async side =>
    {
        await side.ReadHeadAsync();
        await side.SayAsync(answer);
    }, certificate);

    public Uri Url(string path = "/", string? host = null) =>
        new($"{(_certificate is null ? "http" : "https")}://{(host is null ? _listener.LocalEndPoint : $"{host}:{Port}")}{path}");

    /// <summary>Waits until what was to be done with every connection so far is done.</summary>
    public Task DoneAsync() => Task.WhenAll(_connections).WaitAsync(Hang);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.WaitAsync(Hang);
        await DoneAsync();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                _connections.Enqueue(Task.Run(() => ServeAsync(socket)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var plain = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_certificate is null)
            {
                await _behave(new ServerSide(socket, plain, Heads, _stop.Token));
                return;
            }

            using var secured = new SslStream(plain);
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            await _behave(new ServerSide(socket, secured, Heads, _stop.Token));
            await secured.ShutdownAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException)
        {
            // The client has gone, or turned the certificate down: each test judges by the client's side.
        }
    }

    /// <summary>One connection, seen from the server.</summary>
    internal sealed class ServerSide(Socket socket, Stream stream, ConcurrentQueue<string> heads, CancellationToken stop)
    {
        public Socket Socket => socket;

        /// <summary>Reads a request's head, byte by byte.</summary>
        public async Task<string> ReadHeadAsync()
        {
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                if (await stream.ReadAsync(one, stop) == 0)
                {
                    throw new IOException("closed");
                }

                head.Append((char)one[0]);
            }

            heads.Enqueue(head.ToString());
            return head.ToString();
        }

        public async Task SayAsync(string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop);

        /// <summary>Reads one byte, of whatever.</summary>
        public async Task ReadByteAsync() => await stream.ReadExactlyAsync(new byte[1], stop);

        /// <summary>Waits until the client has closed, having nothing more to say.</summary>
        public async Task UntilClosedAsync()
        {
            try
            {
                while (await stream.ReadAsync(new byte[4096], stop) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Closed with bytes unread is a reset.
            }
        }
    }
}
