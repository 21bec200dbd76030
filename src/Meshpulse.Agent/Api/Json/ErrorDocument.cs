namespace Meshpulse.Agent.Api.Json;

/// <summary>What is answered where nothing else can be.</summary>
/// <param name="Error">One sentence that says what to do.</param>
public sealed record ErrorDocument(string Error);
