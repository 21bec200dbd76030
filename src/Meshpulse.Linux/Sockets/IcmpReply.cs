namespace Meshpulse.Linux.Sockets;

/// <summary>An answer to an echo of ours, in a <see cref="UdpBatch"/>.</summary>
/// <param name="Slot">Its place in the batch: <see cref="UdpBatch.this"/> tells who sent it, and when it came.</param>
/// <param name="Sequence">The echo's sequence number, 0 to 65,535.</param>
/// <param name="PayloadOffset">Where the payload begins among <see cref="UdpBatch.Bytes"/>.</param>
public readonly record struct IcmpReply(int Slot, int Sequence, int PayloadOffset)
{
    /// <summary>What was sent along and came back.</summary>
    public ReadOnlySpan<byte> Payload(UdpBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Bytes(Slot)[PayloadOffset..];
    }
}
