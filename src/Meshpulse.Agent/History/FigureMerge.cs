namespace Meshpulse.Agent.History;

/// <summary>What becomes of a figure when windows are put together.</summary>
public enum FigureMerge
{
    /// <summary>They are added.</summary>
    Sum,

    /// <summary>The greatest counts.</summary>
    Max,

    /// <summary>The least counts.</summary>
    Min,

    /// <summary>The latest counts.</summary>
    Last,
}
