using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Incidents;

/// <summary>An incident with its time.</summary>
/// <param name="Name">Of what kind it is, one of <see cref="IncidentCatalogue.Names"/>.</param>
/// <param name="Incident">The incident.</param>
/// <param name="Begin">When it begins.</param>
internal sealed record ScheduledIncident(string Name, Incident Incident, MonoTime Begin)
{
    /// <summary>When it ends.</summary>
    public MonoTime End => Begin + Incident.Length;

    /// <summary>Whether that is its name, or as good. What was said before it began was not said of it.</summary>
    public bool IsRight(Verdict verdict, MonoTime at) => at >= Begin && Incident.Right.Exists(n => n.Fits(verdict));

    /// <summary>Whether it is to be expected beside the name.</summary>
    public bool IsForgiven(Verdict verdict, MonoTime at) => at >= Begin && Incident.Passing.Exists(n => n.Fits(verdict));

    /// <summary>Whether it is why that was said.</summary>
    public bool Explains(Verdict verdict, MonoTime at) => IsRight(verdict, at) || IsForgiven(verdict, at);
}
