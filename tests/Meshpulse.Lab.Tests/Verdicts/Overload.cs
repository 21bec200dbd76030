using System.Net;
using System.Net.Sockets;
using Meshpulse.Core.Time;
using Meshpulse.Lab.Networks;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Lab.Verdicts;

/// <summary>A flood of 2.2 Mbit/s, datagrams of many sizes from one host to a port of another where nobody listens; it ends when disposed of.</summary>
internal sealed class Overload : IDisposable
{
    private const int Discard = 9;
    private const int LeastBytes = 700;
    private const int MoreBytes = 701;
    private const int Step = 397;

    // Not a part of the pace of probes: in step with a queue the same flows would lose all.
    private static readonly Duration s_pace = Duration.FromMicroseconds(3_830);
    private static readonly Duration s_mostMissed = Duration.FromMilliseconds(200);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(3);

    private readonly Thread _thread;
    private volatile bool _stop;

    private Overload(Socket socket, EndPoint target)
    {
        _thread = new Thread(() => Run(socket, target)) { IsBackground = true, Name = "flood" };
        _thread.Start();
    }

    /// <summary>Begins.</summary>
    public static async Task<Overload> BeginAsync(LabHost from, LabHost to) => new(
        await from.Network.InsideAsync(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)),
        new IPEndPoint(to.V4, Discard));

    /// <inheritdoc />
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Run(Socket socket, EndPoint target)
    {
        // Where it waited for a processor the queue would drain.
        if (!ThreadTuning.UseRealtime(1).Applied)
        {
            _ = ThreadTuning.SetNice(-10);
        }

        var (datagram, count) = (new byte[LeastBytes + MoreBytes], 0);
        var next = SystemClocks.Mono();
        using (socket)
        {
            while (!_stop)
            {
                var now = SystemClocks.Mono();
                next = next > now - s_mostMissed ? next : now - s_mostMissed;
                for (; next <= now; next += s_pace)
                {
                    TrySend(socket, datagram.AsSpan(0, LeastBytes + (count++ * Step % MoreBytes)), target);
                }

                Thread.Sleep(s_pause);
            }
        }
    }

    private static void TrySend(Socket socket, ReadOnlySpan<byte> datagram, EndPoint target)
    {
        try
        {
            _ = socket.SendTo(datagram, SocketFlags.None, target);
        }
        catch (SocketException)
        {
            // The other side says that nobody listens.
        }
    }
}
