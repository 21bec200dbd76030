namespace Meshpulse.Agent.History;

/// <summary>A file can't be used as a store.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">What follows the file's name in a message; without it where the library is missing.</param>
public sealed class HistoryFileException(HistoryFileFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public HistoryFileFault Fault => fault;
}
