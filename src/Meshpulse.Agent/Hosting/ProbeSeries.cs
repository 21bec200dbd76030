using System.Collections.Immutable;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>Everything that is kept of one probe. Belongs to the collector.</summary>
internal sealed class ProbeSeries(int id, ProbeDefinition definition)
{
    /// <summary>Upper bounds of the latency buckets in nanoseconds: fine where a rack's round trips are, wide enough for a minute.</summary>
    public static readonly ImmutableArray<long> Bounds =
    [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
        250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 60_000_000_000,
    ];

    private const long LongestLatency = 86_400_000_000_000;

    public int Id { get; } = id;

    /// <summary>As the file that is in force has it.</summary>
    public ProbeDefinition Definition { get; set; } = definition;

    /// <summary>The address in use, or the name where it has none.</summary>
    public string Address { get; set; } = definition.Target.Host;

    public SlidingWindow Window { get; set; } = new(Duration.FromSeconds(5), Duration.FromSeconds(1));

    /// <summary>Latencies of all answers, late ones too.</summary>
    public ExplicitBuckets Latency { get; } = new(Bounds, LongestLatency);

    /// <summary>The latest fetch of an HTTP check.</summary>
    public HttpFigures? Http { get; set; }

    /// <summary>Sent later than half an interval after they were due.</summary>
    public long SentLate { get; private set; }

    public ProbeTotals Totals { get; private set; }

    /// <summary>The error number with which this host refuses to send, as far as it was told; 0 for none.</summary>
    public int ToldRefusal { get; set; }

    /// <summary>The error number with which the other side or the network refuses, as far as it was told; 0 for none.</summary>
    public int ToldFailure { get; set; }

    /// <summary>Why fetches count as lost, as far as it was told; null where they don't.</summary>
    public string? ToldFetchFailure { get; set; }

    /// <summary>When something may be told of it again.</summary>
    public MonoTime NextNews { get; set; }

    /// <summary>When a detail may be told of it again.</summary>
    public MonoTime NextDetail { get; set; }

    public void Take(in Sample sample)
    {
        var count = sample.A.Nanoseconds;
        Totals = sample.Kind switch
        {
            SampleKind.ProbeSent => Totals with { Sent = Totals.Sent + 1 },
            SampleKind.ProbeUnsentLate => Totals with { UnsentLate = Totals.UnsentLate + count },
            SampleKind.ProbeUnsentBackpressure => Totals with { UnsentBackpressure = Totals.UnsentBackpressure + count },
            SampleKind.ProbeUnsentRefused => Totals with { UnsentRefused = Totals.UnsentRefused + count },
            SampleKind.ProbeUnsentUnresolved => Totals with { UnsentUnresolved = Totals.UnsentUnresolved + count },
            SampleKind.ProbeAnswered => Totals with { Answered = Totals.Answered + 1 },
            SampleKind.ProbeLost => Totals with { Lost = Totals.Lost + 1 },
            // It was never called lost, since it was read before it could be; to readers of the counters it is like the others.
            SampleKind.ProbeLate => Totals with { Lost = Totals.Lost + 1, Late = Totals.Late + 1 },
            SampleKind.ProbeLateAfterLoss or SampleKind.ProbeAnsweredAfterLoss => Totals with { Late = Totals.Late + 1 },
            SampleKind.ProbeDuplicate => Totals with { Duplicate = Totals.Duplicate + 1 },
            SampleKind.ProbeUnknown => Totals with { Unknown = Totals.Unknown + 1 },
            SampleKind.ProbeIcmpError => Totals with { IcmpErrors = Totals.IcmpErrors + 1 },
            _ => Totals,
        };
        TakeIntoWindow(sample);
    }

    private void TakeIntoWindow(in Sample sample)
    {
        var decidedAt = new MonoTime(sample.B.Nanoseconds);
        switch (sample.Kind)
        {
            case SampleKind.ProbeSent when sample.B >= Definition.Interval / 2:
                SentLate++;
                break;
            case SampleKind.ProbeLost:
                Window.Decide(decidedAt, null);
                break;
            case SampleKind.ProbeAnswered or SampleKind.ProbeLate:
                Window.Decide(decidedAt, sample.A);
                Latency.Record(sample.A.Nanoseconds);
                break;
            case SampleKind.ProbeAnsweredAfterLoss or SampleKind.ProbeLateAfterLoss:
                Window.TakeBack(decidedAt, sample.A);
                Latency.Record(sample.A.Nanoseconds);
                break;
        }
    }
}
