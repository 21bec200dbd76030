using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct sched_param, sched_setscheduler(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SchedParam
{
    public int sched_priority;
}
