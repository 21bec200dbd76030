using System.Collections.Concurrent;
using System.Diagnostics;

namespace Meshpulse.Lab.Processes;

/// <summary>
/// Starts processes that cannot outlive the tests.
/// <para>
/// The problem: a test run that is killed runs no clean-up, and its nodes would beat on for ever. The kernel can be asked to
/// kill a child when its parent dies (PR_SET_PDEATHSIG, prctl(2)), but "parent" there means the thread that forked, and the
/// thread pool lets idle threads go: children would die at random. So all are forked by one thread that never ends.
/// </para>
/// </summary>
internal static class Nursery
{
    private static readonly BlockingCollection<Action> s_births = [];
    private static readonly Lazy<Thread> s_thread = new(() =>
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "nursery" };
        thread.Start();
        return thread;
    });

    /// <summary>Starts a program with arguments; its streams are pipes, its input is empty.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables to set, or with null to remove.</param>
    public static async Task<Process> StartAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", .. command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return await ForkAsync(start);
    }

    private static Task<Process> ForkAsync(ProcessStartInfo start)
    {
        _ = s_thread.Value;
        var born = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_births.Add(() =>
        {
            try
            {
                born.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                born.SetException(e);
            }
        });
        return born.Task;
    }

    private static void Work()
    {
        foreach (var birth in s_births.GetConsumingEnumerable())
        {
            birth();
        }
    }
}
