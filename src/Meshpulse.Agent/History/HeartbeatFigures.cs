namespace Meshpulse.Agent.History;

/// <summary>The places of a heartbeat's figures and histograms in <see cref="HistoryShape.Heartbeat"/>: looked up once, used for each sample.</summary>
internal static class HeartbeatFigures
{
    public static readonly int Sent = HistoryShape.Heartbeat.FigureAt("sent");
    public static readonly int SentLate = HistoryShape.Heartbeat.FigureAt("sent_late");
    public static readonly int UnsentLate = HistoryShape.Heartbeat.FigureAt("unsent_late");
    public static readonly int UnsentBackpressure = HistoryShape.Heartbeat.FigureAt("unsent_backpressure");
    public static readonly int Received = HistoryShape.Heartbeat.FigureAt("received");
    public static readonly int ReceivedBunched = HistoryShape.Heartbeat.FigureAt("received_bunched");
    public static readonly int ReceivedReconstructed = HistoryShape.Heartbeat.FigureAt("received_reconstructed");
    public static readonly int Gaps = HistoryShape.Heartbeat.FigureAt("gaps");
    public static readonly int LongestGap = HistoryShape.Heartbeat.FigureAt("longest_gap_us");
    public static readonly int Connects = HistoryShape.Heartbeat.FigureAt("connects");
    public static readonly int Receive = HistoryShape.Heartbeat.HistogramAt("receive");
    public static readonly int Delta = HistoryShape.Heartbeat.HistogramAt("delta");
    public static readonly int Send = HistoryShape.Heartbeat.HistogramAt("send");
}
