using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Meshpulse.Lab.Networks;

/// <summary>A web server that answers <c>/NUMBER</c> with that status, and closes.</summary>
internal sealed class TinyHttpServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();

    public TinyHttpServer(IPAddress address)
    {
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint At => (IPEndPoint)_listener.LocalEndpoint;

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            var status = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1].TrimStart('/');
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
            {
            }

            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Answer\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"), _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or NullReferenceException or ObjectDisposedException)
        {
            // Whoever only connects (a tcp check does) has nothing to be answered.
        }
    }
}
