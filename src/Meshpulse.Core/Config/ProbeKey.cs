namespace Meshpulse.Core.Config;

/// <summary>What makes a probe the same one after the file was read again, and of two checks the same probe.</summary>
/// <param name="Kind">How it probes.</param>
/// <param name="From">The name of the server that probes.</param>
/// <param name="To">The name of the server that is probed.</param>
/// <param name="Url">The URL of an HTTP check with its placeholders filled in; null for the other kinds.</param>
/// <param name="Port">The port of a check that has one (<see cref="CheckKinds.HasPort"/>); 0 for the other kinds, whose port may change without making another probe.</param>
public readonly record struct ProbeKey(CheckKind Kind, string From, string To, string? Url, int Port);
