using Meshpulse.Core.Time;

namespace Meshpulse.Lab.Switching;

/// <summary>One direction between two hosts of an <see cref="EthernetSwitch"/>: its faults, and its books. Any thread.</summary>
internal sealed class SwitchWire(TapDevice to, Lock gate)
{
    private const int MostFlows = 4_096;

    private readonly Dictionary<(int Source, int Destination), FlowBook> _books = [];
    private FaultState[] _faults = [];

    /// <summary>
    /// From now on frames go through these, one after the other: delays add up, the first that drops ends it. Frames that wait already stay
    /// as they are; each fault counts from 0.
    /// </summary>
    public void Set(params IEnumerable<Fault> faults)
    {
        FaultState[] states = [.. faults.Select(fault => new FaultState(fault))];
        lock (gate)
        {
            _faults = states;
        }
    }

    /// <summary>The books of each UDP flow, by source and destination port. Beyond 4,096 flows a wire keeps none.</summary>
    public IReadOnlyDictionary<(int Source, int Destination), FlowCount> Flows
    {
        get
        {
            lock (gate)
            {
                return _books.ToDictionary(pair => pair.Key, pair => pair.Value.Count);
            }
        }
    }

    /// <summary>All flows to and from a port together.</summary>
    public FlowCount Count(int port) =>
        Flows.Where(flow => flow.Key.Source == port || flow.Key.Destination == port).Aggregate(default(FlowCount), (sum, flow) => sum + flow.Value);

    /// <summary>A frame came: notes it, and says what becomes of it. On the switch's thread, under the gate.</summary>
    /// <returns>How many of it are to be given on at <paramref name="due"/>; 0 where it vanishes.</returns>
    public int Take(Span<byte> frame, ref MonoTime due, out FlowBook? book, out long number)
    {
        book = BookOf(new FrameView(frame));
        number = book?.Arrive() ?? 0;
        var copies = 1;
        foreach (var fault in _faults)
        {
            if (!fault.Pass(frame, ref due, ref copies))
            {
                book?.Drop();
                return 0;
            }
        }

        return copies;
    }

    /// <summary>Gives a frame to the host at its end.</summary>
    public bool Give(ReadOnlySpan<byte> frame) => to.Write(frame);

    private FlowBook? BookOf(FrameView frame)
    {
        if (!frame.IsUdp)
        {
            return null;
        }

        var key = (frame.SourcePort, frame.DestinationPort);
        if (!_books.TryGetValue(key, out var book) && _books.Count < MostFlows)
        {
            _books[key] = book = new FlowBook();
        }

        return book;
    }
}
