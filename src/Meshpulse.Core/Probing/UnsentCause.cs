namespace Meshpulse.Core.Probing;

/// <summary>Why a probe that was due was not sent. None of these is loss.</summary>
public enum UnsentCause
{
    /// <summary>The probing thread came too late for it.</summary>
    Late,

    /// <summary>This host had no room for it: a full send buffer, too much under way.</summary>
    Backpressure,

    /// <summary>This host refused it: no route, a firewall, no permission.</summary>
    Refused,

    /// <summary>The target's name has no address.</summary>
    Unresolved,
}
