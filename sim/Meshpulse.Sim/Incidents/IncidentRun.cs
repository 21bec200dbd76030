using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Incidents;

/// <summary>
/// Plays one incident in a world of its own, after a calm time in which the agents find each other and learn what is normal, and books what every agent
/// says from the first moment to some seconds after its end.
/// </summary>
public sealed class IncidentRun
{
    private static readonly Duration s_warmUp = Duration.FromSeconds(12);
    private static readonly Duration s_afterwards = Duration.FromSeconds(6);

    private readonly World _world;
    private readonly Incident _incident;
    private readonly string _name;
    private readonly ulong _seed;
    private readonly List<(Machine Machine, Verdict Verdict, MonoTime At)> _said = [];

    /// <summary>Draws an incident and its world.</summary>
    /// <param name="name">One of <see cref="IncidentCatalogue.Names"/>.</param>
    /// <param name="seed">Of everything.</param>
    /// <param name="nodes">How many agents; at least 4.</param>
    public IncidentRun(string name, ulong seed, int nodes)
    {
        var random = new SplitMix64(seed);
        (_name, _seed) = (name, seed);
        _world = new World(random.Next(), IncidentCatalogue.Layout(name, nodes, random));
        _incident = IncidentCatalogue.Draw(name, _world, random);
        Begin = _world.Clock.Now + s_warmUp + Duration.FromMilliseconds(random.Below(1_000));
        _world.Said += (machine, changes) =>
        {
            foreach (var change in changes.Where(c => c.Kind != VerdictChangeKind.Ended))
            {
                _said.Add((machine, change.Verdict, _world.Clock.Now));
            }
        };
    }

    /// <summary>The world; for who wants to look on.</summary>
    public World World => _world;

    /// <summary>What is to happen.</summary>
    public Incident Incident => _incident;

    /// <summary>When it begins.</summary>
    public MonoTime Begin { get; }

    /// <summary>All that was said so far, in order.</summary>
    public IReadOnlyList<(Machine Machine, Verdict Verdict, MonoTime At)> Said => _said;

    /// <summary>Plays it.</summary>
    /// <exception cref="InvalidOperationException">The mesh had not formed when it was to begin: the world is no good.</exception>
    public IncidentScore Play()
    {
        _world.Run(Begin - _world.Clock.Now);
        if (!_world.IsWhole)
        {
            throw new InvalidOperationException($"{_name}, seed {_seed}: the mesh has not formed in its calm time");
        }

        _incident.Begin();
        _world.Run(_incident.Length);
        _incident.End();
        _world.Run(s_afterwards);
        return Score();
    }

    private IncidentScore Score() => new(_name, _seed, _incident.Text, string.Join(", or ", _incident.Right))
    {
        Knowers = _incident.Kind is null ? [] : [.. _world.Machines.Where(_incident.CanKnow).Select(m => (m.Name, FirstRight(m)))],
        Wrong = [.. _said.Where(s => !IsRight(s.Verdict, s.At) && !IsForgiven(s.Verdict, s.At))
            .DistinctBy(s => (s.Machine, s.Verdict.What, s.Verdict.Where))
            .Select(s => (s.Machine.Name, $"{VerdictKinds.IdOf(s.Verdict.What)} {s.Verdict.Where}", s.At - Begin))],
        IsFound = _incident.Kind is null || _said.Exists(s => IsRight(s.Verdict, s.At) || IsForgiven(s.Verdict, s.At)),
    };

    private Duration? FirstRight(Machine machine)
    {
        foreach (var (who, verdict, at) in _said)
        {
            if (who == machine && IsRight(verdict, at))
            {
                return Duration.Max(Duration.Zero, at - Begin - _incident.TellableAfter);
            }
        }

        return null;
    }

    /// <summary>What was said before it began was not said of it.</summary>
    private bool IsRight(Verdict verdict, MonoTime at) => at >= Begin && _incident.Right.Exists(n => n.Fits(verdict));

    private bool IsForgiven(Verdict verdict, MonoTime at) => at >= Begin && _incident.Passing.Exists(n => n.Fits(verdict));
}
