using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Lab.Processes;
using Microsoft.Win32.SafeHandles;

namespace Meshpulse.Lab.Networks;

/// <summary>
/// A network namespace that cannot be left behind: it has no name, only a descriptor of ours that keeps it alive. When that
/// is closed, by us or by our death, and the processes in it are gone, the kernel takes it down with all its links. (Names
/// made by <c>ip netns add</c> are mounts, which a run that is killed would leave.)
/// </summary>
internal sealed class NetworkNamespace : IDisposable
{
    private readonly SafeFileHandle _handle;

    private NetworkNamespace(SafeFileHandle handle) => _handle = handle;

    /// <summary>A path to it for other processes, for as long as it is not disposed of.</summary>
    public string FilePath => $"/proc/{Environment.ProcessId}/fd/{_handle.DangerousGetHandle()}";

    /// <summary>The command that runs the words behind it inside; it becomes them, keeping its process number.</summary>
    public IReadOnlyList<string> Enter => ["nsenter", $"--net={FilePath}"];

    /// <summary>A new one, empty but for a loopback that is down. Skips the test where that is not allowed.</summary>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        try
        {
            return await OnOwnThreadAsync(() =>
            {
                Native.LeaveNetwork();
                return new NetworkNamespace(File.OpenHandle("/proc/thread-self/ns/net", share: FileShare.ReadWrite));
            });
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"network namespaces can't be made here (are we root?): {e.Message}");
            throw;
        }
    }

    /// <summary>Runs a tool inside that must succeed.</summary>
    public Task MustAsync(IReadOnlyList<string> command, string input = "") => Tool.MustAsync([.. Enter, .. command], input);

    /// <summary>
    /// Does something on a thread that is inside: sockets and devices that it opens belong to this network for good, and stay usable from
    /// anywhere.
    /// </summary>
    public Task<T> InsideAsync<T>(Func<T> work) => OnOwnThreadAsync(() =>
    {
        Native.EnterNetwork(_handle);
        return work();
    });

    /// <summary>Calls somebody from inside; the connection stays usable from anywhere.</summary>
    public Task<NetworkStream> ConnectAsync(IPEndPoint remote) => InsideAsync(() =>
    {
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(remote);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new NetworkStream(socket, ownsSocket: true);
    });

    /// <inheritdoc />
    public void Dispose() => _handle.Dispose();

    /// <summary>A thread that has changed its network must not serve anybody else: each time a new one, which then ends.</summary>
    private static Task<T> OnOwnThreadAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = "elsewhere" }.Start();
        return done.Task;
    }
}
