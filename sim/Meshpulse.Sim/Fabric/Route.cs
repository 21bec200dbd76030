using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Fabric;

/// <summary>The way from one host to another: links one after the other. Packets keep their order but for those that are held back.</summary>
/// <param name="links">In their order.</param>
public sealed class Route(IReadOnlyList<Link> links)
{
    private readonly Link[] _links = [.. links];
    private MonoTime _lastArrival;

    /// <summary>Its links, the first one first.</summary>
    public IReadOnlyList<Link> Links => _links;

    /// <summary>Packets that did not get there.</summary>
    public long Lost { get; private set; }

    /// <summary>Packets that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Sends a packet.</summary>
    /// <param name="now">When it leaves.</param>
    /// <param name="sourcePort">The port that it comes from.</param>
    /// <param name="targetPort">The port that it goes to.</param>
    /// <param name="length">Bytes of IP packet.</param>
    /// <param name="packet">When it arrives, and how.</param>
    /// <returns>False where it is lost.</returns>
    public bool TrySend(MonoTime now, int sourcePort, int targetPort, int length, out Packet packet)
    {
        packet = new Packet { At = now, SourcePort = sourcePort, TargetPort = targetPort, Length = length, HopLimit = 255 };
        Sent++;
        foreach (var link in _links)
        {
            if (!link.TryPass(ref packet))
            {
                Lost++;
                return false;
            }
        }

        if (packet.HeldBack > Duration.Zero)
        {
            packet.At += packet.HeldBack;
            return true;
        }

        packet.At = packet.At < _lastArrival ? _lastArrival : packet.At;
        _lastArrival = packet.At;
        return true;
    }
}
