using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>How late a node sent in one interval.</summary>
internal sealed class OwnReport
{
    public WallTime From { get; init; }

    public WallTime Until { get; init; }

    /// <summary>To how many peers.</summary>
    public int Rows { get; set; }

    /// <summary>To how many of them late.</summary>
    public int Late { get; set; }

    /// <summary>How late at most.</summary>
    public Duration Stall { get; set; }

    /// <summary>How much later than usual the report itself was printed.</summary>
    public Duration Overdue { get; set; }

    /// <summary>It has been looked at.</summary>
    public bool IsJudged { get; set; }

    /// <summary>It was its own doing, and not that of one connection that took no more, where most peers were sent to late.</summary>
    public Duration OwnStall => Duration.Max(Overdue, Late * 4 >= Rows * 3 ? Stall : Duration.Zero);
}
