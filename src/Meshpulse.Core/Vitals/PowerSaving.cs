using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>How the host saves power; each null where it does not tell.</summary>
/// <param name="Governor">The frequency governor of the CPUs that we may use (cpufreq); several are joined by commas.</param>
/// <param name="DeepestIdleState">The name of the enabled idle state with the longest exit latency (cpuidle).</param>
/// <param name="ExitLatency">Its exit latency.</param>
/// <param name="IdleOption">The kernel's command line option <c>idle=</c>, such as <c>poll</c>.</param>
public sealed record PowerSaving(string? Governor, string? DeepestIdleState, Duration? ExitLatency, string? IdleOption);
