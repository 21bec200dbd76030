namespace Meshpulse.Agent.Fetching;

/// <summary>Ends a fetch with words that are fit for <see cref="Core.Checks.HttpFigures.Failure"/>; never leaves this room.</summary>
internal sealed class FetchFailedException(string words) : Exception(words);
