using Meshpulse.Core.Statistics;

namespace Meshpulse.Sim.Fabric;

/// <summary>What of a host's kernel the network notices.</summary>
/// <param name="random">Shared by the world.</param>
internal sealed class Kernel(SplitMix64 random)
{
    /// <summary>It runs: takes packets, acknowledges, refuses. A host without power, or a machine that stands still, does nothing of that.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>How often it was started: connections of earlier times are not known to it.</summary>
    public int Boot { get; set; }

    /// <summary>How likely it drops any packet before anybody sees it: a backlog that is full.</summary>
    public double BacklogDrops { get; set; }

    /// <summary>How likely it drops a datagram since a socket's buffer is full.</summary>
    public double SocketDrops { get; set; }

    /// <summary>Packets dropped from the backlog.</summary>
    public long BacklogDropped { get; private set; }

    /// <summary>Datagrams dropped by sockets.</summary>
    public long SocketDropped { get; private set; }

    /// <summary>TCP segments sent again.</summary>
    public long Retransmits { get; set; }

    /// <summary>Whether a TCP segment that comes is dropped.</summary>
    public bool DropsSegment()
    {
        if (BacklogDrops <= 0 || random.NextDouble() >= BacklogDrops)
        {
            return false;
        }

        BacklogDropped++;
        return true;
    }

    /// <summary>Whether a datagram that comes is dropped.</summary>
    public bool DropsDatagram()
    {
        if (DropsSegment())
        {
            return true;
        }

        if (SocketDrops <= 0 || random.NextDouble() >= SocketDrops)
        {
            return false;
        }

        SocketDropped++;
        return true;
    }
}
