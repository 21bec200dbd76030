using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>What the transport knows of a connection (Linux: TCP_INFO, tcp(7)).</summary>
/// <param name="SmoothedRtt">Smoothed round-trip time.</param>
/// <param name="RttVariation">Its mean deviation.</param>
/// <param name="RetransmitTimeout">The retransmission time-out in force.</param>
/// <param name="Unacknowledged">Segments sent and not acknowledged.</param>
/// <param name="Retransmits">Time-outs in a row for the segment at the head of the queue.</param>
/// <param name="TotalRetransmits">Segments retransmitted since the connection began.</param>
public readonly record struct TransportInfo(
    Duration SmoothedRtt,
    Duration RttVariation,
    Duration RetransmitTimeout,
    long Unacknowledged,
    long Retransmits,
    long TotalRetransmits);
