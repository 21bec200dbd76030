namespace Meshpulse.Agent.Sounding;

/// <summary>Where the times of the round trips came from: how many from the kernel, and how many from our own reading of the clock.</summary>
/// <param name="SendKernel">Times of sending from the kernel.</param>
/// <param name="SendUser">Times of sending read right before the send.</param>
/// <param name="ReceiveKernel">Times of arrival from the kernel.</param>
/// <param name="ReceiveUser">Times of arrival read as the reply was.</param>
/// <param name="ReflectorKernel">Of all of them, those whose reply's time of sending is the reflector's kernel's.</param>
public readonly record struct SoundingStamps(long SendKernel, long SendUser, long ReceiveKernel, long ReceiveUser, long ReflectorKernel)
{
    /// <summary>The source of most times of sending: <c>kernel</c> or <c>user</c>.</summary>
    public string Send => SendKernel > SendUser ? "kernel" : "user";

    /// <summary>The source of most times of arrival: <c>kernel</c> or <c>user</c>.</summary>
    public string Receive => ReceiveKernel > ReceiveUser ? "kernel" : "user";

    /// <summary>The source of most of the reflector's times of sending: <c>kernel</c>, told by Follow-Up Telemetry, or <c>user</c>.</summary>
    public string Reflector => ReflectorKernel > SendKernel + SendUser - ReflectorKernel ? "kernel" : "user";
}
