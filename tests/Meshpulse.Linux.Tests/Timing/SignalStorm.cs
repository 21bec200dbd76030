using System.Runtime.InteropServices;
using Meshpulse.Linux.Tests.Interop;

namespace Meshpulse.Linux.Tests.Timing;

/// <summary>Runs an action while its thread is interrupted by signals, a millisecond apart, from beginning to end.</summary>
internal static class SignalStorm
{
    public static void During(Action action)
    {
        using var handler = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, static context => context.Cancel = true);
        var victim = 0;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            Volatile.Write(ref victim, TestCalls.gettid());
            failure = Record.Exception(action);
        });
        thread.Start();
        var sent = 0;
        while (!thread.Join(1))
        {
            sent += victim != 0 && TestCalls.tgkill(Environment.ProcessId, Volatile.Read(ref victim), TestCalls.SIGWINCH) == 0 ? 1 : 0;
        }

        Assert.True(sent > 0, "no signal was sent before the action ended");
        if (failure is not null)
        {
            throw new InvalidOperationException("The interrupted thread failed.", failure);
        }
    }
}
