using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// What the kernel knows of one connection, TCP_INFO of tcp(7), in the house's units. Counts are since the connection
/// began and wrap at 2^32 where they are uint. A figure that an older kernel does not have is 0.
/// </summary>
public readonly record struct TcpInfoSnapshot
{
    // tcp_info says "no sample yet" with all bits set.
    private const uint NoSample = uint.MaxValue;

    /// <summary>The connection's state.</summary>
    public TcpState State { get; init; }

    /// <summary>Smoothed round-trip time, RFC 6298 section 2; zero before the first sample. Includes the peer's delayed acknowledgements.</summary>
    public Duration Rtt { get; init; }

    /// <summary>Smoothed mean deviation of the round-trip time.</summary>
    public Duration RttVariance { get; init; }

    /// <summary>The least round-trip time of late (tcp_min_rtt_wlen, five minutes), or null without a sample.</summary>
    public Duration? MinRtt { get; init; }

    /// <summary>The retransmission timer as it would be set now: how long a lost last segment goes unnoticed.</summary>
    public Duration RetransmissionTimeout { get; init; }

    /// <summary>Retransmissions of the oldest segment in a row, none of them answered: above 0, the path is silent now.</summary>
    public int Backoffs { get; init; }

    /// <summary>Congestion window, in segments.</summary>
    public uint CongestionWindow { get; init; }

    /// <summary>Segments sent and not acknowledged.</summary>
    public uint UnacknowledgedSegments { get; init; }

    /// <summary>Segments that are believed lost now.</summary>
    public uint LostSegments { get; init; }

    /// <summary>Retransmitted segments since the beginning.</summary>
    public uint TotalRetransmissions { get; init; }

    /// <summary>Retransmitted bytes since the beginning.</summary>
    public ulong BytesRetransmitted { get; init; }

    /// <summary>Data bytes sent since the beginning, retransmissions included.</summary>
    public ulong BytesSent { get; init; }

    /// <summary>Data bytes that the peer acknowledged.</summary>
    public ulong BytesAcknowledged { get; init; }

    /// <summary>Data bytes received in order.</summary>
    public ulong BytesReceived { get; init; }

    /// <summary>Segments with data that arrived; against the frames read it tells how far segments were merged.</summary>
    public uint DataSegmentsReceived { get; init; }

    /// <summary>Segments with data that were sent, retransmissions included.</summary>
    public uint DataSegmentsSent { get; init; }

    /// <summary>Segments delivered to the peer, as its acknowledgements tell.</summary>
    public uint DeliveredSegments { get; init; }

    /// <summary>Retransmissions that proved needless (duplicate SACKs, RFC 2883).</summary>
    public uint NeedlessRetransmissions { get; init; }

    /// <summary>How often the path was seen to reorder.</summary>
    public uint ReorderingEvents { get; init; }

    /// <summary>Segments that arrived out of order.</summary>
    public uint OutOfOrderReceived { get; init; }

    /// <summary>Bytes given to the kernel and not yet sent.</summary>
    public uint NotSentBytes { get; init; }

    /// <summary>Time since the last data came, to the millisecond.</summary>
    public Duration SinceDataReceived { get; init; }

    /// <summary>Time since the last acknowledgement came, to the millisecond.</summary>
    public Duration SinceAcknowledged { get; init; }

    /// <summary>Time in which there was unacknowledged or unsent data.</summary>
    public Duration Busy { get; init; }

    /// <summary>The part of <see cref="Busy"/> in which the peer's receive window stopped us: the peer did not read.</summary>
    public Duration WindowLimited { get; init; }

    /// <summary>Path MTU in bytes.</summary>
    public uint PathMtu { get; init; }

    /// <summary>Largest segment we send, in bytes of data.</summary>
    public uint SendMss { get; init; }

    internal static TcpInfoSnapshot From(TcpInfo raw) => new()
    {
        State = (TcpState)raw.tcpi_state,
        Rtt = Duration.FromMicroseconds(raw.tcpi_rtt),
        RttVariance = Duration.FromMicroseconds(raw.tcpi_rttvar),
        MinRtt = raw.tcpi_min_rtt is NoSample ? null : Duration.FromMicroseconds(raw.tcpi_min_rtt),
        RetransmissionTimeout = Duration.FromMicroseconds(raw.tcpi_rto),
        Backoffs = raw.tcpi_retransmits,
        CongestionWindow = raw.tcpi_snd_cwnd,
        UnacknowledgedSegments = raw.tcpi_unacked,
        LostSegments = raw.tcpi_lost,
        TotalRetransmissions = raw.tcpi_total_retrans,
        BytesRetransmitted = raw.tcpi_bytes_retrans,
        BytesSent = raw.tcpi_bytes_sent,
        BytesAcknowledged = raw.tcpi_bytes_acked,
        BytesReceived = raw.tcpi_bytes_received,
        DataSegmentsReceived = raw.tcpi_data_segs_in,
        DataSegmentsSent = raw.tcpi_data_segs_out,
        DeliveredSegments = raw.tcpi_delivered,
        NeedlessRetransmissions = raw.tcpi_dsack_dups,
        ReorderingEvents = raw.tcpi_reord_seen,
        OutOfOrderReceived = raw.tcpi_rcv_ooopack,
        NotSentBytes = raw.tcpi_notsent_bytes,
        SinceDataReceived = Duration.FromMilliseconds(raw.tcpi_last_data_recv),
        SinceAcknowledged = Duration.FromMilliseconds(raw.tcpi_last_ack_recv),
        Busy = new Duration((long)raw.tcpi_busy_time * 1_000),
        WindowLimited = new Duration((long)raw.tcpi_rwnd_limited * 1_000),
        PathMtu = raw.tcpi_pmtu,
        SendMss = raw.tcpi_snd_mss,
    };
}
