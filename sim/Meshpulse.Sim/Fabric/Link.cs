using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Fabric;

/// <summary>
/// One direction of one stretch of the network: a host's own link, a trunk between two datacenters, or what lies between two hosts alone. Several hosts'
/// packets share its queue and its bundle's members.
/// </summary>
/// <param name="random">Shared by the world.</param>
/// <param name="salt">By which its bundle spreads flows: every device does it differently.</param>
public sealed class Link(SplitMix64 random, ulong salt)
{
    private Duration _queue;
    private MonoTime _queueAt;

    /// <summary>What it does now.</summary>
    public LinkWeather Weather { get; set; } = new();

    /// <summary>How long a packet waits that comes now.</summary>
    public Duration Queue => _queue;

    /// <summary>The member of the bundle that takes a flow.</summary>
    public int MemberOf(Packet packet) => Weather.Members <= 1 ? 0 : (int)(Mix((ulong)packet.SourcePort * 65_536 + (ulong)packet.TargetPort) % (ulong)Weather.Members);

    /// <summary>Takes a packet to the other end.</summary>
    /// <param name="packet">Its arrival moves on; what else happens to it is noted in it.</param>
    /// <returns>False where it is lost.</returns>
    public bool TryPass(ref Packet packet)
    {
        var weather = Weather;
        if (weather.IsCut
            || Chance(weather.Loss)
            || packet.Length > weather.Mtu
            || (weather.BadMembers != 0 && ((weather.BadMembers >> MemberOf(packet)) & 1) != 0)
            || !TryQueue(weather, ref packet))
        {
            return false;
        }

        packet.At += weather.Delay + Part(weather.Jitter);
        packet.HopLimit -= (byte)weather.Hops;
        packet.IsDamaged |= Chance(weather.Damage);
        packet.IsDoubled |= Chance(weather.Duplication);
        if (Chance(weather.Reordering))
        {
            packet.HeldBack += (weather.HoldBack / 2) + Part(weather.HoldBack / 2);
        }

        return true;
    }

    /// <summary>The queue is that of the others' packets, ours are few: it fills by what is offered beyond what is carried, and drains by what is left.</summary>
    private bool TryQueue(LinkWeather weather, ref Packet packet)
    {
        if (weather.Load <= 0 && weather.Bursts <= 0)
        {
            (_queue, _queueAt) = (Duration.Zero, packet.At);
            return true;
        }

        var elapsed = Duration.Max(Duration.Zero, packet.At - _queueAt);
        _queueAt = packet.At > _queueAt ? packet.At : _queueAt;
        var grown = _queue + new Duration((long)(elapsed.Nanoseconds * (weather.Load - 1))) + BurstIn(weather, elapsed);
        _queue = Duration.Max(Duration.Zero, Duration.Min(weather.QueueDepth, grown));
        if (_queue == weather.QueueDepth && Chance(1 - (1 / weather.Load)))
        {
            return false;
        }

        // Others come in bursts: a tenth of the queue is chance.
        packet.At += new Duration((long)(_queue.Nanoseconds * (0.9 + (0.1 * random.NextDouble()))));
        return true;
    }

    private Duration BurstIn(LinkWeather weather, Duration elapsed) =>
        weather.Bursts > 0 && Chance(1 - Math.Exp(-weather.Bursts * elapsed.Seconds)) ? (weather.BurstLength / 3) + Part(weather.BurstLength * 2 / 3) : Duration.Zero;

    private bool Chance(double probability) => probability > 0 && random.NextDouble() < probability;

    private Duration Part(Duration most) => most == Duration.Zero ? most : new Duration((long)(most.Nanoseconds * random.NextDouble()));

    private ulong Mix(ulong value)
    {
        value = (value ^ salt) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 30)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
