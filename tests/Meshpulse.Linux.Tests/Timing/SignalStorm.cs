using System.Runtime.InteropServices;
using Meshpulse.Linux.Tests.Interop;

namespace Meshpulse.Linux.Tests.Timing;

/// <summary>
/// Runs an action while its thread is interrupted by signals, a millisecond apart, from beginning to end; and again where it ended before the
/// sender of the signals had its turn, which on a busy machine says nothing of either.
/// </summary>
internal static class SignalStorm
{
    public static void During(Action action)
    {
        using var handler = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, static context => context.Cancel = true);
        var (victim, sent) = (0, 0);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            Volatile.Write(ref victim, TestCalls.gettid());
            int before;
            do
            {
                before = Volatile.Read(ref sent);
                failure = Record.Exception(action);
            }
            while (failure is null && Volatile.Read(ref sent) == before);
        });
        thread.Start();
        while (!thread.Join(1))
        {
            if (Volatile.Read(ref victim) is not 0 and var id && TestCalls.tgkill(Environment.ProcessId, id, TestCalls.SIGWINCH) == 0)
            {
                Interlocked.Increment(ref sent);
            }
        }

        if (failure is not null)
        {
            throw new InvalidOperationException("The interrupted thread failed.", failure);
        }
    }
}
