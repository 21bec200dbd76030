using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Incidents;

/// <summary>Something that goes wrong in a world, and what may be said of it.</summary>
/// <param name="kind">What it is; null for a calm time, in which nothing may be said.</param>
/// <param name="text">Where and how large it is, for people.</param>
/// <param name="length">How long it lasts.</param>
public sealed class Incident(VerdictKind? kind, string text, Duration length)
{
    /// <summary>What it is.</summary>
    public VerdictKind? Kind => kind;

    /// <summary>Where and how large it is.</summary>
    public string Text => text;

    /// <summary>How long it lasts.</summary>
    public Duration Length => length;

    /// <summary>Its name, and those that are as good, where what the agents can see is the same.</summary>
    public List<Naming> Right { get; } = [];

    /// <summary>What may be said for a while as well: it is true, but not the name; or it is what is left once the incident is over.</summary>
    public List<Naming> Passing { get; } = [];

    /// <summary>Has it begin. Names that depend on what the agents did until then are known after it.</summary>
    public Action Begin { get; init; } = static () => { };

    /// <summary>Has it end.</summary>
    public Action End { get; init; } = static () => { };

    /// <summary>Whether an agent can know of it at all, while it lasts or soon after.</summary>
    public Func<Machine, bool> CanKnow { get; init; } = static _ => true;

    /// <summary>Whether it keeps an agent from knowing of anything else: one that does not run, or that the others can't be heard by.</summary>
    public Func<Machine, bool> Hinders { get; init; } = static _ => false;

    /// <summary>
    /// How long after its beginning it can be told at the earliest, from which on the time to its name counts: nobody can say that a host began anew before it did, nor why
    /// it stood still while it does.
    /// </summary>
    public Duration TellableAfter { get; init; }

    /// <summary>Adds names that are right.</summary>
    public Incident Named(params ReadOnlySpan<Naming> names)
    {
        Right.AddRange(names);
        return this;
    }

    /// <summary>Adds names that are forgiven.</summary>
    public Incident Forgiven(params ReadOnlySpan<Naming> names)
    {
        Passing.AddRange(names);
        return this;
    }
}
