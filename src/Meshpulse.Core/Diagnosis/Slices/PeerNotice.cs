namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>What a node has told of itself so that nobody misses it.</summary>
public enum PeerNotice
{
    /// <summary>The agent was asked to stop.</summary>
    Leaving,

    /// <summary>The operator has put it into maintenance.</summary>
    Maintenance,
}
