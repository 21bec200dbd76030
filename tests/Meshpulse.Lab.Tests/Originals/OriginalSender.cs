using System.Net;
using System.Net.Sockets;

namespace Meshpulse.Lab.Originals;

/// <summary>A check of the original: one socket, a request every 25 ms with numbers that count up from 1, whatever comes back.</summary>
internal sealed class OriginalSender : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<ulong> _answered = [];
    private readonly Task _sending;
    private readonly Task _reading;
    private long _sent;
    private int _wrong;

    /// <param name="target">Whom it asks.</param>
    public OriginalSender(IPEndPoint target)
    {
        _target = target;
        _socket = new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(new IPEndPoint(target.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        _sending = SendAsync();
        _reading = ReadAsync();
    }

    /// <summary>Requests so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Requests of these that were answered.</summary>
    public int Answered
    {
        get
        {
            lock (_answered)
            {
                return _answered.Count;
            }
        }
    }

    /// <summary>What came and is no answer, is the second one, or came from somebody else.</summary>
    public int Wrong => Volatile.Read(ref _wrong);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_sending, _reading);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _socket.SendTo(OriginalWire.Datagram((ulong)Interlocked.Increment(ref _sent), 1), _target);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(_target.Address, 0), _stop.Token);
                var isAnswer = got.RemoteEndPoint.Equals(_target) && OriginalWire.IsResponse(buffer.AsSpan(0, got.ReceivedBytes));
                lock (_answered)
                {
                    if (!isAnswer || OriginalWire.IdOf(buffer) > (ulong)Sent || !_answered.Add(OriginalWire.IdOf(buffer)))
                    {
                        Interlocked.Increment(ref _wrong);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
