namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>What a reflector does about a datagram: answer it, or why not.</summary>
public enum StampDecision
{
    /// <summary>One reply goes back.</summary>
    Answer = 0,

    /// <summary>Fewer bytes than any sender of the mode sends: 14, with authentication 112.</summary>
    TooShort = 1,

    /// <summary>It claims to come from no address, from a group, from port 0, from a port where no sender is, or from the reflector itself.</summary>
    Source = 2,

    /// <summary>Its source is in none of the networks that are answered.</summary>
    NotAllowed = 3,

    /// <summary>None of the keys signed it.</summary>
    Mac = 4,

    /// <summary>An error estimate with the multiplier 0.</summary>
    ErrorEstimate = 5,

    /// <summary>Somebody's reply: to answer it would be to talk to another reflector for ever.</summary>
    Reply = 6,

    /// <summary>A new session, and there is no room for one.</summary>
    SessionLimit = 7,

    /// <summary>A request beyond its source's share.</summary>
    SourceLimit = 8,

    /// <summary>A request beyond what the reflector answers altogether.</summary>
    TotalLimit = 9,
}
