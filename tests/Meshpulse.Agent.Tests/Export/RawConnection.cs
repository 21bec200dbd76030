using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Meshpulse.Agent.Tests.Export;

/// <summary>A TCP connection that says exactly what a test wants it to.</summary>
internal sealed class RawConnection : IDisposable
{
    /// <summary>What no test should ever need; a test that reaches it hangs.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    public static async Task<RawConnection> OpenAsync(int port, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)).WaitAsync(Hang);
        return new RawConnection(socket);
    }

    /// <summary>Opens a connection, sends, and reads until the server closes.</summary>
    public static async Task<string> AskAsync(int port, string request)
    {
        using var connection = await OpenAsync(port);
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }

    public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends; that the server has closed meanwhile is no error here.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(Hang);
            }
        }
        catch (SocketException)
        {
            // What it answered before is read afterwards.
        }
    }

    public void CloseSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads once; 0 where the connection is closed or reset.</summary>
    public async Task<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer).AsTask().WaitAsync(Hang);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        int read;
        while ((read = await ReadAsync(buffer)) > 0)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>Reads until what came ends in <paramref name="end"/>; fails where the connection closes before.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.True(await ReadAsync(buffer) == 1, $"closed after: {text}");
            text.Append((char)buffer[0]);
        }

        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
