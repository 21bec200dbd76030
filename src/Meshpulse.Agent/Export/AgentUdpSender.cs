using System.Net;
using System.Net.Sockets;
using Meshpulse.Wire.AgentUdp;

namespace Meshpulse.Agent.Export;

/// <summary>
/// Tells a metrics agent on this host (or another) of losses, one datagram per value, after each report.
/// <para>
/// Whether anybody listens is the agent's affair: nothing here waits, throws or is sent again later. The socket is connected, since
/// only then does the kernel tell that nobody listens; it does so at the <em>next</em> send, which it then doesn't do.
/// That send is repeated once, or the first value after the agent came back would be missing.
/// </para>
/// <para>Not for several threads at once; the counters may be read from any.</para>
/// </summary>
public sealed class AgentUdpSender : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[AgentDatagram.MaxLength];
    private Dictionary<(string From, string To), long> _told = [];
    private Dictionary<(string From, string To), long> _telling = [];
    private long _sent;
    private long _errors;

    /// <summary>Opens a socket towards the agent.</summary>
    /// <param name="agent">Where it listens; see <see cref="DefaultEndPoint"/>.</param>
    /// <exception cref="SocketException">No socket can be had, or the address can't be sent to from here.</exception>
    public AgentUdpSender(IPEndPoint agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        _socket = new Socket(agent.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            _socket.Connect(agent);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Where such agents listen: 127.0.0.1:1113.</summary>
    public static IPEndPoint DefaultEndPoint => new(IPAddress.Loopback, 1113);

    /// <summary>Datagrams handed to the kernel.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Sends that failed: nobody listens, no route, no room in the socket's buffer.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>
    /// Sends three values per pair: <c>mehsh.loss</c> (peak, the window's loss), <c>mehsh.sendloss.FROM</c> and <c>mehsh.recvloss.TO</c>
    /// (sums, what was decided to be lost since the report before, so that the agent's totals are true).
    /// </summary>
    /// <param name="losses">Every pair, each once: one that is missing counts as new when it comes back.</param>
    /// <param name="isMaintenance">Every value is 0 then, and what is lost meanwhile is never told.</param>
    public void Send(IReadOnlyCollection<AgentLoss> losses, bool isMaintenance)
    {
        ArgumentNullException.ThrowIfNull(losses);
        _telling.Clear();
        foreach (var loss in losses)
        {
            var pair = (loss.From, loss.To);
            var decided = isMaintenance ? 0 : Math.Max(0, loss.LostTotal - _told.GetValueOrDefault(pair));
            _telling[pair] = loss.LostTotal;
            Send(AgentValueKind.Peak, isMaintenance ? 0 : loss.WindowLoss, "mehsh.loss");
            Send(AgentValueKind.Sum, decided, $"mehsh.sendloss.{loss.From}");
            Send(AgentValueKind.Sum, decided, $"mehsh.recvloss.{loss.To}");
        }

        (_told, _telling) = (_telling, _told);
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    private void Send(AgentValueKind kind, long value, string name)
    {
        var datagram = _buffer.AsSpan(0, AgentDatagram.Write(_buffer, kind, value, name));
        if (TrySend(datagram) == SocketError.ConnectionRefused)
        {
            _ = TrySend(datagram);
        }
    }

    private SocketError TrySend(ReadOnlySpan<byte> datagram)
    {
        SocketError error;
        try
        {
            _ = _socket.Send(datagram, SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            error = SocketError.Shutdown;
        }

        if (error == SocketError.Success)
        {
            Interlocked.Increment(ref _sent);
        }
        else
        {
            Interlocked.Increment(ref _errors);
        }

        return error;
    }
}
