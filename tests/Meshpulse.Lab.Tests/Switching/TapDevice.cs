using System.ComponentModel;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;
using Microsoft.Win32.SafeHandles;

namespace Meshpulse.Lab.Switching;

/// <summary>
/// A network interface of a namespace whose cable ends in our hand: what the host sends is read here, what is written here it receives.
/// </summary>
internal sealed class TapDevice : IDisposable
{
    private readonly SafeFileHandle _handle;

    private TapDevice(SafeFileHandle handle) => _handle = handle;

    /// <summary>For poll(2); of no use once it is disposed of.</summary>
    public PollEntry PollEntry => new((int)_handle.DangerousGetHandle());

    /// <summary>Makes one inside a namespace; it is down. Skips the test where that is not allowed.</summary>
    public static async Task<TapDevice> OpenAsync(NetworkNamespace network, string name)
    {
        try
        {
            return await network.InsideAsync(() => new TapDevice(Native.OpenTap(name)));
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"TAP devices can't be made here (/dev/net/tun): {e.Message}");
            throw;
        }
    }

    /// <summary>Takes the next frame that the host sent; its length, or -1 where none waits.</summary>
    public int Read(Span<byte> buffer) => Native.ReadFrame(_handle, buffer);

    /// <summary>Gives the host a frame; false where it did not take it: its interface is down, or it is short of memory.</summary>
    public bool Write(ReadOnlySpan<byte> frame) => Native.WriteFrame(_handle, frame);

    /// <summary>The interface vanishes.</summary>
    public void Dispose() => _handle.Dispose();
}
