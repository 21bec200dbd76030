namespace Meshpulse.Cli.Fleet;

/// <summary>A node did not answer what it was asked, or not as it should.</summary>
/// <param name="message">Where, and why, for people.</param>
/// <param name="inner">What it came from.</param>
public sealed class NodeAnswerException(string message, Exception? inner = null) : Exception(message, inner);
