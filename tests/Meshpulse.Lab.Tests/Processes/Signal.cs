namespace Meshpulse.Lab.Processes;

/// <summary>Signals by their numbers on x86 and ARM, signal(7).</summary>
internal enum Signal
{
    HangUp = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
