using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>How many of a path's flows have no socket, and why. Their probes are unsent, and the sockets are asked for again every few seconds.</summary>
/// <param name="At">When it was so.</param>
/// <param name="Missing">Flows without one; 0 where all have theirs again.</param>
/// <param name="Flows">All flows of the path.</param>
/// <param name="Error">The system's error number for one of them; 0 where none is missing.</param>
public readonly record struct SocketGap(MonoTime At, int Missing, int Flows, int Error);
