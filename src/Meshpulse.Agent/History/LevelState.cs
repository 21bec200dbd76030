namespace Meshpulse.Agent.History;

/// <summary>How far a resolution is.</summary>
/// <param name="Rolled">Windows that begin before it, in seconds since 1970, were made from the finer ones.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Bytes">What they take, about.</param>
internal readonly record struct LevelState(long Rolled, long Rows, long Bytes);
