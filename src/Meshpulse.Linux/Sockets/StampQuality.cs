using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Linux.Sockets;

/// <summary>How well one direction's stamps did in a <see cref="StampSelfTest"/>.</summary>
/// <param name="Packets">Packets that were sent, came back, and across which no clock stepped.</param>
/// <param name="Stamped">Those of them that had a stamp.</param>
/// <param name="Untrue">Those of them whose stamp lies before the send or after the read, which can't be.</param>
/// <param name="Median">Distance of a true stamp from our own reading: the clock before the send call, or after the read. Zero without any.</param>
/// <param name="Worst">The largest such distance.</param>
public readonly record struct StampQuality(int Packets, int Stamped, int Untrue, Duration Median, Duration Worst)
{
    /// <summary>Stamps that can be believed.</summary>
    public int True => Stamped - Untrue;

    /// <summary>
    /// What the times come from here: the kernel where more than half of the packets had a true stamp, else our own readings. Never
    /// the network card: its stamps are of a clock of its own, and are not asked for.
    /// </summary>
    public StampSource Source => True * 2 > Packets ? StampSource.Kernel : StampSource.User;

    /// <summary>From the distances of the true stamps, in nanoseconds; sorts them.</summary>
    internal static StampQuality Of(int packets, int stamped, int untrue, Span<long> distances)
    {
        distances.Sort();
        return distances.IsEmpty
            ? new StampQuality(packets, stamped, untrue, Duration.Zero, Duration.Zero)
            : new StampQuality(packets, stamped, untrue, new Duration(distances[distances.Length / 2]), new Duration(distances[^1]));
    }
}
