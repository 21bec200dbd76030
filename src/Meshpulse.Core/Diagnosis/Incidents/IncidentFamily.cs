namespace Meshpulse.Core.Diagnosis.Incidents;

/// <summary>Kinds that one incident may be called one after the other.</summary>
internal enum IncidentFamily
{
    Host,
    Maintenance,
    Clock,
    Network,
    Observer,
}
