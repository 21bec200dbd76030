using Meshpulse.Core.Statistics;

namespace Meshpulse.Sim.Machines;

/// <summary>A UDP datagram as it arrives.</summary>
internal sealed class Datagram(Machine from, int sourcePort, int targetPort, byte[] bytes, byte hopLimit)
{
    public Machine From => from;

    public int SourcePort => sourcePort;

    public int TargetPort => targetPort;

    public byte[] Bytes { get; private set; } = bytes;

    public byte HopLimit => hopLimit;

    /// <summary>
    /// Some bytes are others now. Half of the time it is what every reader notices, the length; else it may as well be a number or a time, and looks like nobody's.
    /// </summary>
    public void Damage(SplitMix64 random)
    {
        if (random.Below(2) == 0)
        {
            Bytes = Bytes[..Math.Min(Bytes.Length, 8 + random.Below(5))];
            return;
        }

        Bytes[random.Below(Math.Min(Bytes.Length, 44))] ^= (byte)(1 + random.Below(255));
    }
}
