using System.Buffers.Binary;
using Meshpulse.Core.Time;
using Meshpulse.Lab.Processes;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Lab.Switching;

/// <summary>
/// An Ethernet switch in the test process that can do to frames what networks do. It learns nothing: host n has the address that
/// <see cref="AddressOf"/> says, frames to it go to its port, those to all or to a group go to all others. Between each two hosts there is
/// a <see cref="SwitchWire"/> in each direction, which has the faults and the books.
/// <para>
/// One thread reads the devices and keeps the frames that wait in a heap by the time they are due; those due at the same time leave in the order in
/// which they came. A delay is never shorter than asked, and longer by what the thread wakes up late: some tens of microseconds here, more
/// where the machine has no time for it. What waits is bounded; beyond, frames are dropped, which the books say.
/// </para>
/// <para>Made by <see cref="SwitchLab"/>.</para>
/// </summary>
internal sealed class EthernetSwitch : IDisposable
{
    private const int MostFrames = 32_768;
    private const int FrameBytes = 2_048;
    private const int ReadsPerTurn = 64;
    private const ulong AddressBase = 0x0277_0000_0000;

    private static readonly Duration s_longestWait = Duration.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly TapDevice[] _devices;
    private readonly PollEntry[] _entries;
    private readonly SwitchWire[,] _wires;
    private readonly PriorityQueue<Held, (MonoTime Due, long Order)> _queue = new();
    private readonly Stack<byte[]> _buffers = new();
    private readonly Thread _thread;
    private readonly byte[] _incoming = new byte[FrameBytes];
    private long _order;
    private long _idleTurns;
    private Exception? _failure;
    private volatile bool _stop;

    /// <summary>Begins to switch.</summary>
    /// <param name="devices">The hosts', from number 1; closed with the switch.</param>
    public EthernetSwitch(IReadOnlyList<TapDevice> devices)
    {
        _devices = [.. devices];
        _entries = [.. devices.Select(d => d.PollEntry)];
        _wires = new SwitchWire[devices.Count, devices.Count];
        for (var from = 0; from < devices.Count; from++)
        {
            for (var to = 0; to < devices.Count; to++)
            {
                _wires[from, to] = new SwitchWire(devices[to], _gate);
            }
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "switch" };
        _thread.Start();
    }

    /// <summary>
    /// How often it has looked at every device, found nothing and had nothing left to give on. Once it has gone up by two, all that was sent before
    /// is in the books: the first of them may have looked already.
    /// </summary>
    /// <exception cref="InvalidOperationException">The code of a fault threw; the switch stands still.</exception>
    public long IdleTurns
    {
        get
        {
            lock (_gate)
            {
                return _failure is null ? _idleTurns : throw new InvalidOperationException("the switch has failed", _failure);
            }
        }
    }

    /// <summary>Frames to addresses that no host has.</summary>
    public long Strays { get; private set; }

    /// <summary>Frames that found no room, or that the receiving interface did not take, being down; dropped, in the books.</summary>
    public long Refused { get; private set; }

    /// <summary>The Ethernet address of a host by its number, from 1: 02:77:00:00 and the number.</summary>
    public static string AddressOf(int number) => $"02:77:00:00:{number >> 8:x2}:{number & 0xff:x2}";

    /// <summary>The wire from one host, by its number, to another.</summary>
    public SwitchWire Between(int from, int to) => _wires[from - 1, to - 1];

    /// <summary>Stops, and takes the devices away.</summary>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        foreach (var device in _devices)
        {
            device.Dispose();
        }
    }

    private void Run()
    {
        _ = ThreadTuning.SetTimerSlack(new Duration(1));
        // A switch that waits for a processor would be delay and, at last, loss that nobody asked for.
        if (!ThreadTuning.UseRealtime(1).Applied)
        {
            _ = ThreadTuning.SetNice(-10);
        }

        try
        {
            while (!_stop)
            {
                Native.WaitToRead(_entries, Turn().Nanoseconds);
            }
        }
        catch (Exception e)
        {
            // A fault's own code threw; the tests learn of it when they ask for anything.
            lock (_gate)
            {
                _failure = e;
            }
        }
    }

    /// <summary>Takes in what is there and gives on what is due; gives how long nothing will be.</summary>
    private Duration Turn()
    {
        lock (_gate)
        {
            var taken = 0;
            for (var from = 0; from < _devices.Length; from++)
            {
                taken += _entries[from].IsReady ? TakeFrom(from) : 0;
            }

            GiveOn();
            _idleTurns += taken == 0 && _queue.Count == 0 ? 1 : 0;
            return _queue.TryPeek(out _, out var next)
                ? Duration.Min(s_longestWait, Duration.Max(Duration.Zero, next.Due - SystemClocks.Mono()))
                : s_longestWait;
        }
    }

    private int TakeFrom(int from)
    {
        int length;
        var reads = 0;
        for (; reads < ReadsPerTurn && (length = _devices[from].Read(_incoming)) >= FrameView.HeaderLength; reads++)
        {
            var frame = new FrameView(_incoming.AsSpan(0, length));
            if (!frame.IsMulticast)
            {
                Send(from, NumberOf(frame.Destination) - 1, length);
                continue;
            }

            for (var to = 0; to < _devices.Length; to++)
            {
                Send(from, to, length);
            }
        }

        return reads;
    }

    private void Send(int from, int to, int length)
    {
        if (to < 0 || to >= _devices.Length)
        {
            Strays++;
            return;
        }

        if (from == to)
        {
            return;
        }

        var buffer = _buffers.TryPop(out var used) ? used : new byte[FrameBytes];
        _incoming.AsSpan(0, length).CopyTo(buffer);
        var due = SystemClocks.Mono();
        var wire = _wires[from, to];
        var copies = wire.Take(buffer.AsSpan(0, length), ref due, out var book, out var number);
        if (copies == 0 || _queue.Count >= MostFrames)
        {
            _buffers.Push(buffer);
            if (copies > 0)
            {
                Refused++;
                book?.Drop();
            }

            return;
        }

        _queue.Enqueue(new Held(buffer, length, copies, wire, book, number), (due, _order++));
    }

    private void GiveOn()
    {
        var now = SystemClocks.Mono();
        while (_queue.TryPeek(out var frame, out var when) && when.Due <= now)
        {
            _ = _queue.Dequeue();
            Give(frame);
            _buffers.Push(frame.Buffer);
        }
    }

    private void Give(in Held frame)
    {
        for (var copy = 0; copy < frame.Copies; copy++)
        {
            if (frame.Wire.Give(frame.Buffer.AsSpan(0, frame.Length)))
            {
                frame.Book?.Forward(frame.Number, isCopy: copy > 0);
                continue;
            }

            Refused++;
            if (copy == 0)
            {
                frame.Book?.Drop();
            }
        }
    }

    private static int NumberOf(ReadOnlySpan<byte> address)
    {
        var value = ((ulong)BinaryPrimitives.ReadUInt32BigEndian(address) << 16) | BinaryPrimitives.ReadUInt16BigEndian(address[4..]);
        return value >> 16 == AddressBase >> 16 ? (int)(value & 0xffff) : 0;
    }

    private readonly record struct Held(byte[] Buffer, int Length, int Copies, SwitchWire Wire, FlowBook? Book, long Number);
}
