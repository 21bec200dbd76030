namespace Meshpulse.Core.Probing.Paths;

/// <summary>Which times of an exchange a kernel took; the others were read by a program that may have waited for the processor meanwhile.</summary>
[Flags]
public enum PathStamps
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>T1: our kernel's time of sending.</summary>
    Send = 1,

    /// <summary>T3: the reflector's kernel's time of sending, told by Follow-Up Telemetry. (T2 it does not say.)</summary>
    Reflector = 2,

    /// <summary>T4: our kernel's time of receiving.</summary>
    Receive = 4,
}
