namespace Meshpulse.Agent.Sounding;

/// <summary>The code points of the requests: as they left, and as they arrived by the word of the target (Class of Service, RFC 8972, section 4.4).</summary>
/// <param name="Sent">0 to 63.</param>
/// <param name="Seen">That of the last one of which it was told, 0 to 63; null where it was not.</param>
/// <param name="Changed">How many arrived with another one.</param>
public readonly record struct SoundingCodePoints(int Sent, int? Seen, long Changed);
