using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Incidents;

/// <summary>One thing that went wrong, from the first suspicion to its end: under one id, whatever it is called meanwhile.</summary>
internal sealed class Incident(string id, Suspicion first, MonoTime now)
{
    public string Id { get; } = id;

    /// <summary>What it is taken for.</summary>
    public Suspicion Current { get; set; } = first;

    public MonoTime Since { get; set; } = first.From;

    /// <summary>When it was last seen.</summary>
    public MonoTime Seen { get; set; } = first.Seen;

    /// <summary>When a judgement last found it.</summary>
    public MonoTime Found { get; set; } = now;

    /// <summary>When a judgement first found it; again when it recurs.</summary>
    public MonoTime FirstFound { get; set; } = now;

    /// <summary>It is a verdict, and not just a suspicion yet.</summary>
    public bool IsSaid { get; set; }

    public MonoTime? Until { get; set; }

    /// <summary>Since when, and when last, it looks as if it came back; null while it has not ended.</summary>
    public (MonoTime First, MonoTime Last)? Back { get; set; }

    public WallTime Noticed { get; set; }

    public int Recurrences { get; set; }

    /// <summary>What it may be instead, and since when it looks so.</summary>
    public (Suspicion As, MonoTime Since)? Rival { get; set; }

    /// <summary>The directed pairs that it has explained.</summary>
    public HashSet<(string From, string To)> Edges { get; } = [.. first.Edges];

    /// <summary>How sure it was when it was last told.</summary>
    public double ToldConfidence { get; set; }

    /// <summary>As those see it who read verdicts.</summary>
    public Verdict ToVerdict(ClockPairing now) => new(
        Id, Current.What, Current.Where, WallOf(Since, now), Until is { } until ? WallOf(until, now) : null, Math.Round(Current.Confidence, 2))
    {
        Evidence = Current.Evidence,
        Noticed = Noticed,
        Recurrences = Recurrences,
    };

    private static WallTime WallOf(MonoTime moment, ClockPairing now) => now.Wall - (now.Mono - moment);
}
