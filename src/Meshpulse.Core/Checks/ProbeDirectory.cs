using Meshpulse.Core.Config;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Checks;

/// <summary>
/// Which probe goes by which channel, and whose an answer is. Channels are opened for the first probe that needs one and closed
/// after the last.
/// </summary>
internal sealed class ProbeDirectory(ICheckTransport transport)
{
    private readonly Dictionary<ProbeChannel, (int Number, int Users)> _channels = [];
    private readonly Dictionary<int, ProbeChannel> _numbers = [];
    private readonly Dictionary<(int Channel, NodeEndpoint Remote), CheckProbe> _byRemote = [];

    // Names that change and files that are rewritten for months; what is forgotten is late by minutes at least.
    private const int MostUsedIds = 65_536;

    // The last ids of those that have left a socket and target, whose answers may still come.
    private readonly Dictionary<(int Channel, NodeEndpoint Remote), ulong> _usedIds = [];

    /// <summary>Whose answers come from there; null for nobody's.</summary>
    public CheckProbe? Find(int channel, NodeEndpoint remote) => _byRemote.GetValueOrDefault((channel, remote));

    /// <summary>Gives a probe another target, and with it a channel; null for none.</summary>
    public void Retarget(CheckProbe probe, NodeEndpoint? target)
    {
        if (probe.Target == target)
        {
            return;
        }

        Release(probe);
        probe.Target = target;
        if (target is { } remote && probe.Session is not null)
        {
            Assign(probe, KeyOf(probe, remote));
        }
    }

    private void Assign(CheckProbe probe, NodeEndpoint remote)
    {
        var channel = new ProbeChannel(probe.Settings.Kind, remote.IsV6, probe.Settings.Dscp, Lane: 0);
        var number = Take(channel);
        // Echoes tell their probe themselves; pings to one endpoint need lanes of their own.
        while (probe.Settings.Kind == CheckKind.UdpPing && _byRemote.ContainsKey((number, remote)))
        {
            GiveBack(number);
            channel = channel with { Lane = channel.Lane + 1 };
            number = Take(channel);
        }

        probe.Channel = number;
        _byRemote.TryAdd((number, remote), probe);
        if (_usedIds.TryGetValue((number, remote), out var used) && used > probe.LastId)
        {
            probe.IdBase += used - probe.LastId;
        }
    }

    private void Release(CheckProbe probe)
    {
        if (probe.Channel < 0)
        {
            return;
        }

        var key = (probe.Channel, KeyOf(probe, probe.Target!.Value));
        if (_byRemote.TryGetValue(key, out var holder) && holder == probe)
        {
            _byRemote.Remove(key);
        }

        if (_usedIds.Count == MostUsedIds)
        {
            _usedIds.Clear();
        }

        _usedIds[key] = Math.Max(_usedIds.GetValueOrDefault(key), probe.LastId);
        GiveBack(probe.Channel);
        probe.Channel = -1;
    }

    private static NodeEndpoint KeyOf(CheckProbe probe, NodeEndpoint target) =>
        probe.Settings.Kind == CheckKind.Icmp ? target.WithPort(0) : target;

    private int Take(ProbeChannel channel)
    {
        if (!_channels.TryGetValue(channel, out var held))
        {
            held = (transport.Open(channel), 0);
            _numbers.Add(held.Number, channel);
        }

        _channels[channel] = held with { Users = held.Users + 1 };
        return held.Number;
    }

    private void GiveBack(int number)
    {
        var channel = _numbers[number];
        var users = _channels[channel].Users - 1;
        if (users > 0)
        {
            _channels[channel] = (number, users);
            return;
        }

        _channels.Remove(channel);
        _numbers.Remove(number);
        foreach (var used in _usedIds.Keys.Where(key => key.Channel == number).ToList())
        {
            _usedIds.Remove(used);
        }

        transport.Close(number);
    }
}
