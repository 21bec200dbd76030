using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Incidents;

/// <summary>
/// Plays one incident, or two that overlap, in a world of its own, after a calm time in which the agents find each other and learn what is normal, and
/// books what every agent says from the first moment to some seconds after the end.
/// </summary>
public sealed class IncidentRun
{
    // Of company's own draws.
    private const ulong CompanySeed = 0x51C7_A1D5_0B5E_12ED;

    private static readonly Duration s_warmUp = Duration.FromSeconds(12);
    private static readonly Duration s_afterwards = Duration.FromSeconds(6);
    private static readonly Duration s_sickBefore = Duration.FromSeconds(5);
    private static readonly Duration s_latestSecond = Duration.FromSeconds(8);

    private readonly World _world;
    private readonly string _name;
    private readonly ulong _seed;
    private readonly List<ScheduledIncident> _incidents;
    private readonly ScheduledIncident? _sick;
    private readonly List<(Machine Machine, Verdict Verdict, MonoTime At)> _said = [];

    /// <summary>Draws an incident, its company and their world.</summary>
    /// <param name="name">One of <see cref="IncidentCatalogue.Names"/>.</param>
    /// <param name="seed">Of everything.</param>
    /// <param name="nodes">How many agents; at least 4, and 6 where there is company.</param>
    /// <param name="company">What else goes on. A calm time and a mesh in two parts, which is everywhere, have no second incident: they stay alone.</param>
    public IncidentRun(string name, ulong seed, int nodes, Company company = Company.Alone)
    {
        var (random, others) = (new SplitMix64(seed), new SplitMix64(seed ^ CompanySeed));
        (_name, _seed) = (name, seed);
        var second = company == Company.TwoAtOnce ? IncidentCatalogue.SecondOf(name, others) : null;
        Company = company == Company.TwoAtOnce && second is null ? Company.Alone : company;
        _world = new World(random.Next(), IncidentCatalogue.Layout([name, .. second is null ? Array.Empty<string>() : [second]], nodes, random));
        var (first, beside) = Draw(second, random, others, out var places);
        Begin = _world.Clock.Now + s_warmUp + Duration.FromMilliseconds(random.Below(1_000));
        _incidents = [new ScheduledIncident(name, first, Begin)];
        if (beside is not null)
        {
            var after = new Duration((long)(Duration.Min(first.Length * 3 / 4, s_latestSecond).Nanoseconds * others.NextDouble()));
            _incidents.Add(new ScheduledIncident(second!, beside, Begin + after));
        }

        _sick = company == Company.SickObserver ? DrawSick(places, others) : null;
        _world.Said += Book;
    }

    /// <summary>The world; for who wants to look on.</summary>
    public World World => _world;

    /// <summary>What is to happen, or the first of two.</summary>
    public Incident Incident => _incidents[0].Incident;

    /// <summary>What else goes on, indeed.</summary>
    public Company Company { get; }

    /// <summary>When it begins.</summary>
    public MonoTime Begin { get; }

    /// <summary>All that was said so far, in order.</summary>
    public IReadOnlyList<(Machine Machine, Verdict Verdict, MonoTime At)> Said => _said;

    private IEnumerable<ScheduledIncident> All => _sick is null ? _incidents : [.. _incidents, _sick];

    /// <summary>Plays it.</summary>
    /// <returns>A score for each incident; what was said and belongs to none is held against the first.</returns>
    /// <exception cref="InvalidOperationException">The mesh had not formed when it was to begin: the world is no good.</exception>
    public IReadOnlyList<IncidentScore> Play()
    {
        foreach (var (_, incident, begin) in All)
        {
            _world.Clock.At(begin, incident.Begin);
            _world.Clock.At(begin + incident.Length, incident.End);
        }

        _world.Run((_sick?.Begin ?? Begin) - _world.Clock.Now - new Duration(1));
        if (!_world.IsWhole)
        {
            throw new InvalidOperationException($"{_name}, seed {_seed}: the mesh has not formed in its calm time");
        }

        _world.Run(_incidents.Max(i => i.End) + s_afterwards - _world.Clock.Now);
        return [.. _incidents.Select(Score)];
    }

    /// <summary>What needs whole datacenters has the first choice of places.</summary>
    private (Incident First, Incident? Second) Draw(string? second, SplitMix64 random, SplitMix64 others, out IReadOnlySet<Machine> places)
    {
        var isSecondWide = second is not null && IncidentCatalogue.IsOfDatacenters(second);
        var scene = isSecondWide ? new IncidentScene(_world, others) : new IncidentScene(_world, random);
        places = scene.Places;
        var wide = IncidentCatalogue.Draw(isSecondWide ? second! : _name, scene);
        if (second is null)
        {
            return (wide, null);
        }

        var other = IncidentCatalogue.Draw(isSecondWide ? _name : second, new IncidentScene(_world, isSecondWide ? random : others, places));
        return isSecondWide ? (other, wide) : (wide, other);
    }

    private ScheduledIncident DrawSick(IReadOnlySet<Machine> places, SplitMix64 random)
    {
        // Where the incident is everywhere, it is one of those concerned.
        var scene = new IncidentScene(_world, random, places.Count < _world.Machines.Count ? places : null);
        var begin = Begin - s_sickBefore;
        return new ScheduledIncident(_name, HostIncidents.SickObserver(scene, _incidents[0].End + s_afterwards - begin), begin);
    }

    private void Book(Machine machine, IReadOnlyList<VerdictChange> changes)
    {
        foreach (var change in changes.Where(c => c.Kind != VerdictChangeKind.Ended))
        {
            _said.Add((machine, change.Verdict, _world.Clock.Now));
        }
    }

    private IncidentScore Score(ScheduledIncident scored) => new(scored.Name, _seed, TextOf(scored), string.Join(", or ", scored.Incident.Right))
    {
        Company = Company,
        Drawn = _name,
        Knowers = scored.Incident.Kind is null ? [] : [.. _world.Machines.Where(m => MustKnow(m, scored)).Select(m => (m.Name, FirstRight(m, scored)))],
        Wrong = scored == _incidents[0] ? Unexplained() : [],
        IsFound = scored.Incident.Kind is null || _said.Exists(s => scored.Explains(s.Verdict, s.At)),
    };

    private bool MustKnow(Machine machine, ScheduledIncident scored) =>
        scored.Incident.CanKnow(machine) && All.All(i => i == scored || !i.Incident.Hinders(machine));

    private string TextOf(ScheduledIncident scored) => string.Join("; ", [scored.Incident.Text, .. All.Where(i => i != scored).Select(i => BesideIt(i, scored))]);

    private string BesideIt(ScheduledIncident other, ScheduledIncident scored) =>
        $"{(other == _sick ? "" : $"{other.Name} ")}{other.Incident.Text} from {(other.Begin - scored.Begin).Seconds:+0.0;-0.0} s";

    private IReadOnlyList<(string Node, string Said, Duration After)> Unexplained() =>
        [.. _said.Where(s => !All.Any(i => i.Explains(s.Verdict, s.At)))
            .DistinctBy(s => (s.Machine, s.Verdict.What, s.Verdict.Where))
            .Select(s => (s.Machine.Name, $"{VerdictKinds.IdOf(s.Verdict.What)} {s.Verdict.Where}", s.At - Begin))];

    private Duration? FirstRight(Machine machine, ScheduledIncident scored)
    {
        foreach (var (who, verdict, at) in _said)
        {
            if (who == machine && scored.IsRight(verdict, at))
            {
                return Duration.Max(Duration.Zero, at - scored.Begin - scored.Incident.TellableAfter);
            }
        }

        return null;
    }
}
