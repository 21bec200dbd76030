using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>The socket of one flow. Of its engine's thread alone.</summary>
internal interface ISoundingSocket : IDisposable
{
    /// <summary>The address and port at this end.</summary>
    NodeEndpoint Local { get; }

    /// <summary>What this host or the network said last of a packet of ours; null where nothing was said.</summary>
    string? LastError { get; }

    /// <summary>Sends a packet to the target.</summary>
    /// <returns>Null; or why it did not leave.</returns>
    string? Send(ReadOnlySpan<byte> packet);

    /// <summary>Takes the stamps of what was sent that have come since, where there are any.</summary>
    void TakeStamps(SoundingSession session);

    /// <summary>Takes what has come, at most some dozen datagrams, into the engine's room: it is there until another call.</summary>
    /// <returns>How many.</returns>
    int Receive();

    /// <summary>One of those that <see cref="Receive"/> took.</summary>
    SoundingArrival Arrival(int index);

    /// <summary>The bytes of one of them.</summary>
    ReadOnlySpan<byte> Bytes(int index);
}
