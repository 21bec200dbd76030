using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// Which flow goes by which channel, whose a reply is, and whose a time of sending. Channels are opened for the first flow that needs one and
/// closed after the last. Those that could not be had are asked for again: opening costs a thread of its time even where it fails, so each waits
/// some seconds, and all together get one try in some milliseconds.
/// </summary>
internal sealed class PathDirectory(IPathTransport transport)
{
    private static readonly Duration s_retry = Duration.FromSeconds(5);
    private static readonly Duration s_retryGap = Duration.FromMilliseconds(20);

    private readonly Dictionary<PathChannel, HeldChannel> _channels = [];
    private readonly Stack<int> _freeNumbers = [];
    // Those that could not be had, the one whose turn is next first.
    private readonly List<HeldChannel> _missing = [];
    private readonly Dictionary<(int Channel, NodeEndpoint Remote), PathFlow> _byRemote = [];
    private readonly List<PathFlow?> _slots = [];
    private readonly Stack<int> _freeSlots = [];
    private MonoTime _nextRetry;
    private int _numbers;

    /// <summary>Whose replies come from there; null for nobody's.</summary>
    public PathFlow? Find(int channel, NodeEndpoint remote) => _byRemote.GetValueOrDefault((channel, remote));

    /// <summary>The flow of a slot; null where it is gone.</summary>
    public PathFlow? FlowAt(int slot) => slot >= 0 && slot < _slots.Count ? _slots[slot] : null;

    /// <summary>Gives a flow a channel and a slot.</summary>
    public void Assign(PathFlow flow, NodeEndpoint remote, bool isWhole, MonoTime now)
    {
        var local = flow.Path.Settings.Local;
        local = local.IsUnspecified || local.IsV6 != remote.IsV6 ? NodeEndpoint.AnyAddress(remote.IsV6, 0) : local.WithPort(0);
        var channel = new PathChannel(local, flow.Dscp, flow.Index, Lane: 0, isWhole);
        var held = Take(channel, now);
        while (_byRemote.ContainsKey((held.Number, remote)))
        {
            GiveBack(held);
            channel = channel with { Lane = channel.Lane + 1 };
            held = Take(channel, now);
        }

        (flow.Channel, flow.DropsAtFirst) = (held, held.IsOpen ? transport.DropsOf(held.Number) : 0);
        _byRemote.Add((held.Number, remote), flow);
        if (!_freeSlots.TryPop(out var slot))
        {
            slot = _slots.Count;
            _slots.Add(null);
        }

        _slots[slot] = flow;
        flow.Slot = slot;
    }

    /// <summary>Takes both away again.</summary>
    public void Release(PathFlow flow, NodeEndpoint remote)
    {
        if (flow.Channel is not { } held)
        {
            return;
        }

        _byRemote.Remove((held.Number, remote));
        GiveBack(held);
        _slots[flow.Slot] = null;
        _freeSlots.Push(flow.Slot);
        (flow.Channel, flow.Slot) = (null, -1);
    }

    /// <summary>Asks once more for the channel that has waited longest, where that is due.</summary>
    public void Retry(MonoTime now)
    {
        if (_missing.Count == 0 || now < _missing[0].NextTry || now < _nextRetry)
        {
            return;
        }

        var held = _missing[0];
        _missing.RemoveAt(0);
        _nextRetry = now + s_retryGap;
        Open(held, now);
    }

    private HeldChannel Take(PathChannel channel, MonoTime now)
    {
        if (!_channels.TryGetValue(channel, out var held))
        {
            held = new HeldChannel(_freeNumbers.TryPop(out var free) ? free : _numbers++, channel);
            _channels.Add(channel, held);
            Open(held, now);
        }

        held.Users++;
        return held;
    }

    private void GiveBack(HeldChannel held)
    {
        if (--held.Users > 0)
        {
            return;
        }

        _channels.Remove(held.Channel);
        _freeNumbers.Push(held.Number);
        if (held.IsOpen)
        {
            transport.Close(held.Number);
        }
        else
        {
            _missing.Remove(held);
        }
    }

    private void Open(HeldChannel held, MonoTime now)
    {
        held.Opened = transport.Open(held.Number, held.Channel, out var port);
        held.SourcePort = port;
        if (!held.IsOpen)
        {
            held.NextTry = now + s_retry;
            _missing.Add(held);
        }
    }
}
