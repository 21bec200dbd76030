using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Checkers;

/// <summary>A probe from the moment at which it was added to that at which it was removed: what it sent, what came of that, and what the node said.</summary>
/// <param name="id">Its number; another life may have had it before.</param>
/// <param name="settings">Its packets.</param>
/// <param name="begunAt">When it was added.</param>
public sealed class ProbeLife(int id, ProbeSettings settings, MonoTime begunAt)
{
    /// <summary>Its number.</summary>
    public int Id { get; } = id;

    /// <summary>Its packets.</summary>
    public ProbeSettings Settings { get; } = settings;

    /// <summary>When it was added.</summary>
    public MonoTime BegunAt { get; } = begunAt;

    /// <summary>When it was removed; <see cref="MonoTime.Never"/> while it was not.</summary>
    public MonoTime EndedAt { get; internal set; } = MonoTime.Never;

    /// <summary>It was sent elsewhere while it lived: answers from where it was count for nobody.</summary>
    public bool IsMoved { get; internal set; }

    /// <summary>What it sent.</summary>
    public List<ProbeRequest> Requests { get; } = [];

    /// <summary>What the node said of it, and when.</summary>
    public List<(MonoTime ToldAt, PingDecision Decision)> Decisions { get; } = [];

    /// <summary>What was due and not sent, by cause.</summary>
    public Dictionary<UnsentCause, long> Unsent { get; } = [];

    /// <summary>ICMP errors about it.</summary>
    public long IcmpErrors { get; internal set; }

    /// <summary>Requests that the node has answered, in time.</summary>
    public long Answered { get; private set; }

    /// <summary>Requests whose time-out passed; those that were answered later included.</summary>
    public long Lost { get; private set; }

    /// <summary>Of these, the ones that were answered after all.</summary>
    public long Late { get; private set; }

    /// <summary>Requests that wait.</summary>
    public long Outstanding => Requests.Count - Answered - Lost;

    /// <summary>How often it was said.</summary>
    public int CountOf(PingOutcome outcome) => Decisions.Count(d => d.Decision.Outcome == outcome);

    /// <summary>What is wrong in what the node said, once everything is decided; null where nothing is.</summary>
    public string? FindFault()
    {
        var (said, really) = (Said(), Really());
        return said.SequenceEqual(really)
            ? null
            : $"probe {Id} ({Settings}): said but not so: {Text(Without(said, really))}; so but not said: {Text(Without(really, said))}";
    }

    internal void Take(MonoTime now, in PingDecision decision)
    {
        Decisions.Add((now, decision));
        switch (decision.Outcome)
        {
            case PingOutcome.Answered when !decision.TakesBackLoss:
                Answered++;
                break;
            case PingOutcome.Lost:
                Lost++;
                break;
            case PingOutcome.Late when !decision.TakesBackLoss:
                Lost++;
                Late++;
                break;
            case PingOutcome.Answered or PingOutcome.Late:
                Late++;
                break;
        }
    }

    private static string Text(List<string> items) => items.Count == 0 ? "nothing" : string.Join(", ", items.Take(5)) + (items.Count > 5 ? $" and {items.Count - 5} more" : "");

    private static List<string> Without(List<string> these, List<string> those)
    {
        var rest = these.ToList();
        those.ForEach(item => rest.Remove(item));
        return rest;
    }

    /// <summary>What the node said, each loss that was taken back cancelled against its taking back.</summary>
    private List<string> Said()
    {
        var losses = Decisions.Where(d => d.Decision.Outcome == PingOutcome.Lost).Select(d => d.Decision.DecidedAt.Nanoseconds).ToList();
        List<string> said = [];
        foreach (var (_, decision) in Decisions)
        {
            if (decision.TakesBackLoss && !losses.Remove(decision.DecidedAt.Nanoseconds))
            {
                said.Add($"takes back at {decision.DecidedAt.Nanoseconds} what was not lost");
            }

            if (decision.Outcome is PingOutcome.Answered or PingOutcome.Late or PingOutcome.Duplicate)
            {
                said.Add($"{decision.Outcome} {decision.Latency.Nanoseconds}");
            }
        }

        said.AddRange(losses.Select(at => Settings.Kind == CheckKind.Tcp ? "Lost" : $"Lost {at}"));
        said.Sort(StringComparer.Ordinal);
        return said;
    }

    private List<string> Really()
    {
        List<string> really = [];
        foreach (var request in Requests)
        {
            var latencies = request.Arrivals.ConvertAll(at => at - request.SentAt);
            if (latencies.Count == 0 || (Settings.Kind == CheckKind.Tcp && latencies[0] > Settings.Timeout))
            {
                really.Add(Settings.Kind == CheckKind.Tcp ? "Lost" : $"Lost {(request.SentAt + Settings.Timeout).Nanoseconds}");
                continue;
            }

            really.Add($"{(latencies[0] <= Settings.Timeout ? PingOutcome.Answered : PingOutcome.Late)} {latencies[0].Nanoseconds}");
            really.AddRange(latencies.Skip(1).Select(l => $"{PingOutcome.Duplicate} {l.Nanoseconds}"));
        }

        really.Sort(StringComparer.Ordinal);
        return really;
    }
}
