using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Sim.Incidents;

/// <summary>A name that an incident may be given.</summary>
/// <param name="What">What is wrong.</param>
/// <param name="Place">Where, in words.</param>
/// <param name="IsThere">Whether a verdict's place is that.</param>
public sealed record Naming(VerdictKind What, string Place, Func<VerdictPlace, bool> IsThere)
{
    /// <summary>At exactly one place.</summary>
    public Naming(VerdictKind what, VerdictPlace where)
        : this(what, where.ToString(), where.Equals)
    {
    }

    /// <summary>Whether a verdict says so.</summary>
    public bool Fits(Verdict verdict) => verdict.What == What && IsThere(verdict.Where);

    /// <inheritdoc />
    public override string ToString() => $"{VerdictKinds.IdOf(What)} {Place}";
}
