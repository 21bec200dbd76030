namespace Meshpulse.Cli.Commands;

/// <summary>The program can't start or go on; the message says what to do.</summary>
internal sealed class StartException(string message) : Exception(message);
