namespace Meshpulse.Core.Checks;

/// <summary>What came to a probing socket and is nobody's answer.</summary>
public enum StrayKind
{
    /// <summary>A well-formed answer from an address that was not asked by this socket.</summary>
    WrongAddress,

    /// <summary>No answer of the format.</summary>
    Malformed,
}
