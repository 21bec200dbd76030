namespace Meshpulse.Agent.Analysis;

/// <summary>A placeholder that can't be filled in.</summary>
/// <param name="Index">Where it begins in the template, in UTF-16 units.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record PlaceholderError(int Index, string Message);
