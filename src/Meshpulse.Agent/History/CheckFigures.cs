using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Config;

namespace Meshpulse.Agent.History;

/// <summary>What a sample of a check adds to its window; the same as to the counters that are served.</summary>
internal static class CheckFigures
{
    private static readonly int s_sent = HistoryShape.Check.FigureAt("sent");
    private static readonly int s_sentLate = HistoryShape.Check.FigureAt("sent_late");
    private static readonly int s_unsent = HistoryShape.Check.FigureAt("unsent");
    private static readonly int s_answered = HistoryShape.Check.FigureAt("answered");
    private static readonly int s_lost = HistoryShape.Check.FigureAt("lost");
    private static readonly int s_late = HistoryShape.Check.FigureAt("late");
    private static readonly int s_duplicates = HistoryShape.Check.FigureAt("duplicates");
    private static readonly int s_icmpErrors = HistoryShape.Check.FigureAt("icmp_errors");
    private static readonly int s_roundTrip = HistoryShape.Check.HistogramAt("round_trip");

    public static void Add(HistoryRow row, ProbeDefinition definition, in Sample sample)
    {
        switch (sample.Kind)
        {
            case SampleKind.ProbeSent:
                row.Add(s_sent, 1);
                row.Add(s_sentLate, sample.B >= definition.Interval / 2 ? 1 : 0);
                break;
            case SampleKind.ProbeUnsentLate or SampleKind.ProbeUnsentBackpressure or SampleKind.ProbeUnsentRefused or SampleKind.ProbeUnsentUnresolved:
                row.Add(s_unsent, sample.A.Nanoseconds);
                break;
            case SampleKind.ProbeAnswered:
                row.Add(s_answered, 1);
                row.Record(s_roundTrip).Record(sample.A.Nanoseconds);
                break;
            case SampleKind.ProbeLost:
                row.Add(s_lost, 1);
                break;
            case SampleKind.ProbeLate:
                row.Add(s_lost, 1);
                row.Add(s_late, 1);
                row.Record(s_roundTrip).Record(sample.A.Nanoseconds);
                break;
            case SampleKind.ProbeLateAfterLoss or SampleKind.ProbeAnsweredAfterLoss:
                row.Add(s_late, 1);
                row.Record(s_roundTrip).Record(sample.A.Nanoseconds);
                break;
            case SampleKind.ProbeDuplicate:
                row.Add(s_duplicates, 1);
                break;
            case SampleKind.ProbeIcmpError:
                row.Add(s_icmpErrors, 1);
                break;
        }
    }
}
