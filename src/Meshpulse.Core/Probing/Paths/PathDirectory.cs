using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// Which flow goes by which channel, whose a reply is, and whose a time of sending. Channels are opened for the first flow that needs one and
/// closed after the last.
/// </summary>
internal sealed class PathDirectory(IPathTransport transport)
{
    private readonly Dictionary<PathChannel, (int Number, int Port, int Users)> _channels = [];
    private readonly Dictionary<int, PathChannel> _numbers = [];
    private readonly Dictionary<(int Channel, NodeEndpoint Remote), PathFlow> _byRemote = [];
    private readonly List<PathFlow?> _slots = [];
    private readonly Stack<int> _freeSlots = [];

    /// <summary>Whose replies come from there; null for nobody's.</summary>
    public PathFlow? Find(int channel, NodeEndpoint remote) => _byRemote.GetValueOrDefault((channel, remote));

    /// <summary>The flow of a slot; null where it is gone.</summary>
    public PathFlow? FlowAt(int slot) => slot >= 0 && slot < _slots.Count ? _slots[slot] : null;

    /// <summary>Gives a flow a channel and a slot.</summary>
    public void Assign(PathFlow flow, NodeEndpoint remote, bool isWhole)
    {
        var local = flow.Path.Settings.Local;
        local = local.IsUnspecified || local.IsV6 != remote.IsV6 ? NodeEndpoint.AnyAddress(remote.IsV6, 0) : local.WithPort(0);
        var channel = new PathChannel(local, flow.Dscp, flow.Index, Lane: 0, isWhole);
        var (number, port) = Take(channel);
        while (_byRemote.ContainsKey((number, remote)))
        {
            GiveBack(number);
            channel = channel with { Lane = channel.Lane + 1 };
            (number, port) = Take(channel);
        }

        (flow.Channel, flow.SourcePort, flow.DropsAtFirst) = (number, port, transport.DropsOf(number));
        _byRemote.Add((number, remote), flow);
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
        if (flow.Channel < 0)
        {
            return;
        }

        _byRemote.Remove((flow.Channel, remote));
        GiveBack(flow.Channel);
        _slots[flow.Slot] = null;
        _freeSlots.Push(flow.Slot);
        (flow.Channel, flow.Slot) = (-1, -1);
    }

    private (int Number, int Port) Take(PathChannel channel)
    {
        if (!_channels.TryGetValue(channel, out var held))
        {
            held = (transport.Open(channel, out var port), port, 0);
            _numbers.Add(held.Number, channel);
        }

        _channels[channel] = held with { Users = held.Users + 1 };
        return (held.Number, held.Port);
    }

    private void GiveBack(int number)
    {
        var channel = _numbers[number];
        var held = _channels[channel];
        if (held.Users > 1)
        {
            _channels[channel] = held with { Users = held.Users - 1 };
            return;
        }

        _channels.Remove(channel);
        _numbers.Remove(number);
        transport.Close(number);
    }
}
