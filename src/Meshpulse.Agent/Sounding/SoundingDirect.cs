namespace Meshpulse.Agent.Sounding;

/// <summary>A flow's counters by Direct Measurement (RFC 8972, section 4.5), as the last reply has them.</summary>
/// <param name="Sent">Requests that we had sent.</param>
/// <param name="Received">Requests that the target had received, by its own count.</param>
/// <param name="Replied">Replies that it had sent; the reply at hand may be among them or not.</param>
/// <param name="LostForward">Lost on the way there between the first and the last reply; null where there are not two.</param>
/// <param name="LostBackward">Lost on the way back, the same.</param>
public readonly record struct SoundingDirect(uint Sent, uint Received, uint Replied, long? LostForward, long? LostBackward);
