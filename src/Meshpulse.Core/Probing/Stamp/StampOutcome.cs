namespace Meshpulse.Core.Probing.Stamp;

/// <summary>What a reply turned out to be.</summary>
public enum StampOutcome
{
    /// <summary>The first reply to its request, within the timeout.</summary>
    Answered,

    /// <summary>The first reply to its request, after the timeout and within the memory.</summary>
    Late,

    /// <summary>A further copy: of the reply, or the reply to a further copy of the request.</summary>
    Duplicate,

    /// <summary>Its number was never sent, or so long ago that it is forgotten: nothing is believed of it.</summary>
    Unknown,

    /// <summary>Its number was sent, but not with this timestamp: somebody guessed.</summary>
    Forged,
}
