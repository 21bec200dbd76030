namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>Names one reply, until its session is forgotten.</summary>
public readonly record struct StampReplyToken
{
    internal StampReplyToken(int slot, uint generation, uint sequence) => (Slot, Generation, Sequence) = (slot, generation, sequence);

    /// <summary>The number in the reply.</summary>
    public uint Sequence { get; }

    internal int Slot { get; }

    /// <summary>0 in no session: that of the default value and of replies without state.</summary>
    internal uint Generation { get; }
}
