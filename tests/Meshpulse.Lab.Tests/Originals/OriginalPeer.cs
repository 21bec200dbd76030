using System.Net;
using System.Net.Sockets;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Networks;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Lab.Originals;

/// <summary>
/// An original meshmonitor in a host of a lab, as far as one node sees of it: it calls that node, says who it is, and sends heartbeats. It answers
/// nothing else, and least of all UDP.
/// </summary>
internal sealed class OriginalPeer : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private readonly NetworkStream _stream;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _beating;
    private readonly Task _reading;

    private OriginalPeer(NetworkStream stream, NodeEndpoint self, NodeEndpoint node)
    {
        _stream = stream;
        _beating = BeatAsync(self, node);
        _reading = ReadAsync();
    }

    /// <summary>Calls a node from a host.</summary>
    public static async Task<OriginalPeer> StartAsync(LabHost host, IPEndPoint node) => new(
        await host.Network.ConnectAsync(node), NodeEndpoint.From(host.V4, Place.Port), NodeEndpoint.From(node.Address, node.Port));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_beating, _reading);
        await _stream.DisposeAsync();
        _stop.Dispose();
    }

    private async Task BeatAsync(NodeEndpoint self, NodeEndpoint node)
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        using var timer = new PeriodicTimer(s_interval);
        try
        {
            await _stream.WriteAsync(frame.AsMemory(0, HeartbeatWire.WriteHello(frame, self)), _stop.Token);
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var length = HeartbeatWire.WritePing(frame, SystemClocks.Wall().Microseconds);
                await _stream.WriteAsync(frame.AsMemory(0, HeartbeatWire.AppendEntry(frame, length, node)), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The end.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16_384];
        try
        {
            while (await _stream.ReadAsync(buffer, _stop.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The end.
        }
    }
}
