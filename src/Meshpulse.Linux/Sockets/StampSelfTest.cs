using System.Buffers.Binary;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// Finds out by trying which kernel stamps can be had here, and how good they are.
/// <para>
/// The problem: a kernel, a sandbox or an emulated one may refuse the socket options, take them and never stamp, or stamp nonsense, and all three
/// look alike until someone compares with a clock. So a few dozen packets go over the loopback, one at a time, each between
/// two readings of our own. A send's stamp must lie after the first and an arrival's before the second; how far is what the stamps save us: the
/// way through the system call in an idle moment, and our own lateness in a busy one.
/// </para>
/// <para>
/// The machine begins to stamp a moment after the first socket asks for it. The packets until then, and a few after, don't count.
/// What it says is true of the kernel's own stamps; a network card whose driver never stamps sends shows in the figures of the real
/// sockets only.
/// </para>
/// </summary>
public sealed class StampSelfTest : IDisposable
{
    private const int Packets = 48;
    private const int Fewest = 8;
    private const int Discarded = 4;
    private const int PayloadLength = 44;
    private static readonly Duration s_longest = Duration.FromMilliseconds(40);
    private static readonly Duration s_warmUp = Duration.FromMilliseconds(20);
    private static readonly Duration s_pause = Duration.FromMicroseconds(200);
    private static readonly Duration s_patience = Duration.FromMilliseconds(2);
    private static readonly Duration s_step = Duration.FromMicroseconds(100);

    private readonly UdpSocket _sender;
    private readonly UdpSocket _receiver;
    private readonly Poller _poller = new(2);
    private readonly PollEvent[] _events = new PollEvent[2];
    private readonly UdpBatch _batch = new(8, PayloadLength);
    private readonly UdpErrorBatch _errors = new(8, 0);
    private readonly byte[] _payload = new byte[PayloadLength];
    private readonly List<long> _receive = [];
    private readonly List<long> _send = [];
    private int _packets;
    private int _receiveStamped;
    private int _sendStamped;

    /// <param name="sender">Stamps for sends, where they work.</param>
    /// <param name="receiver">Stamps for arrivals, where they work.</param>
    internal StampSelfTest(UdpSocket sender, UdpSocket receiver)
    {
        (_sender, _receiver) = (sender, receiver);
        _ = _poller.Add(receiver, 0, PollInterest.Read);
        _ = _poller.Add(sender, 1, PollInterest.None);
    }

    /// <summary>
    /// Tests both families of addresses; mostly a few milliseconds for each, 40 or a few packets' where something does not work. Never throws: what does not work is in what it returns.
    /// </summary>
    /// <returns>IPv4, and IPv6 where this host has a loopback of it.</returns>
    public static IReadOnlyList<StampFindings> Run()
    {
        var v4 = Run(NodeEndpoint.FromBytes([127, 0, 0, 1], 0));
        var v6 = Run(NodeEndpoint.FromBytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 0));
        return v6.Error is Errno.EADDRNOTAVAIL or Errno.EAFNOSUPPORT ? [v4] : [v4, v6];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _poller.Dispose();
    }

    /// <summary>Tests the pair of sockets.</summary>
    internal StampFindings Measure()
    {
        var end = SystemClocks.Mono() + s_longest;
        WarmUp();
        for (var i = 0; i < Packets && (i < Fewest || SystemClocks.Mono() < end); i++)
        {
            _ = Exchange(counts: true);
        }

        return new StampFindings(_receiver.LocalEndpoint.IsV6, Errno.None, QualityOf(_receiveStamped, _receive), QualityOf(_sendStamped, _send));
    }

    private static StampFindings Run(NodeEndpoint loopback)
    {
        try
        {
            using var receiver = UdpSocket.Open(loopback, new UdpOptions { Stamps = UdpStamps.Receive });
            using var sender = UdpSocket.Open(loopback, new UdpOptions { Stamps = UdpStamps.ReceiveAndSend });
            using var test = new StampSelfTest(sender, receiver);
            return test.Measure();
        }
        catch (SocketSetupException e)
        {
            return new StampFindings(loopback.IsV6, e.Error, default, default);
        }
    }

    private void WarmUp()
    {
        var end = SystemClocks.Mono() + s_warmUp;
        while (!Exchange(counts: false) && SystemClocks.Mono() < end)
        {
            _ = AbsoluteSleep.Until(SystemClocks.Mono() + s_pause);
        }

        for (var i = 0; i < Discarded && SystemClocks.Mono() < end; i++)
        {
            _ = Exchange(counts: false);
        }
    }

    /// <summary>One packet; true where its arrival was stamped.</summary>
    private bool Exchange(bool counts)
    {
        var number = BinaryPrimitives.ReadUInt64LittleEndian(_payload) + 1;
        BinaryPrimitives.WriteUInt64LittleEndian(_payload, number);
        var before = SystemClocks.Pair();
        if (!_sender.SendStamped(_payload, _receiver.LocalEndpoint, default, out var id).Ok)
        {
            return false;
        }

        var deadline = before.Mono + s_patience;
        var hasSend = _sender.Stamps != UdpStamps.ReceiveAndSend;
        var hasArrival = false;
        (WallTime? arrived, WallTime? sent) = (null, null);
        var read = before;
        while (true)
        {
            if (!hasArrival && TryReceive(number, ref arrived))
            {
                (hasArrival, read) = (true, SystemClocks.Pair());
            }

            hasSend = hasSend || TryTakeStamp(id, ref sent);
            if ((hasArrival && hasSend) || SystemClocks.Mono() >= deadline)
            {
                break;
            }

            _ = _poller.Wait(_events, deadline - SystemClocks.Mono());
        }

        if (counts && hasArrival && read.SteppedSince(before).Abs() < s_step)
        {
            _packets++;
            Count(arrived, before.Wall, read.Wall, ref _receiveStamped, _receive, fromRead: true);
            Count(sent, before.Wall, read.Wall, ref _sendStamped, _send, fromRead: false);
        }

        return arrived is not null;
    }

    /// <summary>Takes what waits; true where it was the packet and not what somebody else sent us.</summary>
    private bool TryReceive(ulong number, ref WallTime? stamp)
    {
        var count = _receiver.ReceiveBatch(_batch).Count;
        for (var i = 0; i < count; i++)
        {
            ref readonly var arrival = ref _batch[i];
            if (arrival.Remote == _sender.LocalEndpoint && BinaryPrimitives.TryReadUInt64LittleEndian(_batch.Bytes(i), out var its) && its == number)
            {
                stamp = arrival.HasStamp ? arrival.Stamp : null;
                return true;
            }
        }

        return false;
    }

    private bool TryTakeStamp(uint id, ref WallTime? stamp)
    {
        var count = _sender.ReceiveErrors(_errors).Count;
        for (var i = 0; i < count; i++)
        {
            ref readonly var entry = ref _errors[i];
            if (entry is { Kind: UdpErrorKind.SendStamp, HasStamp: true } && entry.StampId == id)
            {
                stamp = entry.Stamp;
                return true;
            }
        }

        return false;
    }

    private static void Count(WallTime? stamp, WallTime before, WallTime read, ref int stamped, List<long> distances, bool fromRead)
    {
        if (stamp is not { } time)
        {
            return;
        }

        stamped++;
        if (time >= before && time <= read)
        {
            distances.Add((fromRead ? read - time : time - before).Nanoseconds);
        }
    }

    private StampQuality QualityOf(int stamped, List<long> distances) =>
        StampQuality.Of(_packets, stamped, stamped - distances.Count, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(distances));
}
