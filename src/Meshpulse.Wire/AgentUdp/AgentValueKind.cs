namespace Meshpulse.Wire.AgentUdp;

/// <summary>How the metrics agent is to put the values of one metric together; the numbers are those on the wire.</summary>
public enum AgentValueKind : ushort
{
    /// <summary>Their sum.</summary>
    Sum = 42,

    /// <summary>Their mean.</summary>
    Average = 43,

    /// <summary>The largest.</summary>
    Peak = 44,

    /// <summary>The smallest.</summary>
    Minimum = 45,
}
