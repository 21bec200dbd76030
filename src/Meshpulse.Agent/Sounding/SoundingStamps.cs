namespace Meshpulse.Agent.Sounding;

/// <summary>Where the times of the round trips came from: how many from the kernel, and how many from our own reading of the clock.</summary>
/// <param name="SendKernel">Times of sending from the kernel.</param>
/// <param name="SendUser">Times of sending read right before the send.</param>
/// <param name="ReceiveKernel">Times of arrival from the kernel.</param>
/// <param name="ReceiveUser">Times of arrival read as the reply was.</param>
public readonly record struct SoundingStamps(long SendKernel, long SendUser, long ReceiveKernel, long ReceiveUser)
{
    /// <summary>The source of most times of sending: <c>kernel</c> or <c>user</c>.</summary>
    public string Send => SendKernel > SendUser ? "kernel" : "user";

    /// <summary>The source of most times of arrival: <c>kernel</c> or <c>user</c>.</summary>
    public string Receive => ReceiveKernel > ReceiveUser ? "kernel" : "user";
}
