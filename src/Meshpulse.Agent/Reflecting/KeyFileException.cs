namespace Meshpulse.Agent.Reflecting;

/// <summary>The keys can't be had; the message is one line for the operator, beginning with the file and, where there is one, the line.</summary>
/// <param name="message">Such as <c>keys:3: ...</c>; never with a part of a key.</param>
#pragma warning disable CA1032 // It is thrown in one place, with what it needs.
public sealed class KeyFileException(string message) : Exception(message);
#pragma warning restore CA1032
