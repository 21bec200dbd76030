namespace Meshpulse.Core.Vitals;

/// <summary>Pressure on the three resources, of the whole host or of one cgroup. Null where the kernel does not tell.</summary>
/// <param name="Cpu">Waiting for a CPU.</param>
/// <param name="Io">Waiting for a disk.</param>
/// <param name="Memory">Waiting for memory: reclaim, refaults, swap.</param>
public readonly record struct HostPressure(PressureTime? Cpu, PressureTime? Io, PressureTime? Memory);
