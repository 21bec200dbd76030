namespace Meshpulse.Core.Diagnosis;

/// <summary>A verdict that began, changed or ended.</summary>
/// <param name="Kind">Which of it.</param>
/// <param name="Verdict">As it is now.</param>
public readonly record struct VerdictChange(VerdictChangeKind Kind, Verdict Verdict);
