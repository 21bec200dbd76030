using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>For how much of a window tasks had to wait for one resource (Linux: Documentation/accounting/psi.rst).</summary>
/// <param name="Some">Some task waited.</param>
/// <param name="Full">All tasks that were not idle waited.</param>
public readonly record struct PressureTime(Duration Some, Duration Full);
