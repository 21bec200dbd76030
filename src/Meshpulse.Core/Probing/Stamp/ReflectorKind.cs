namespace Meshpulse.Core.Probing.Stamp;

/// <summary>What is known about how a reflector numbers its replies (RFC 8762, section 4.2).</summary>
public enum ReflectorKind
{
    /// <summary>
    /// Not known yet. A reply whose number differs from the sender's proves a reflector with a count of its own; equal numbers
    /// prove nothing.
    /// </summary>
    Undecided,

    /// <summary>It counts its replies: proven by a number, or told by the caller.</summary>
    Stateful,

    /// <summary>It copies the sender's number, says the caller: no direction can be known.</summary>
    Stateless,
}
