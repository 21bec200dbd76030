namespace Meshpulse.Sim.Incidents;

/// <summary>What else goes on in the world of an incident.</summary>
public enum Company
{
    /// <summary>Nothing: the incident is alone.</summary>
    Alone,

    /// <summary>Another incident, of any kind and at another place, that begins while the first one lasts.</summary>
    TwoAtOnce,

    /// <summary>
    /// Another node is held up again and again, from some seconds before the incident to the end: for want of CPUs, by a disk, by its runtime, or nobody knows why. It sees
    /// gaps everywhere, and may blame nobody for them but itself.
    /// </summary>
    SickObserver,
}
