namespace Meshpulse.Linux.Tests.Timing;

/// <summary>Runs an action on a thread that ends with it, so that what it does to its thread stays there.</summary>
internal static class OwnThread
{
    public static void Run(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action));
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException("The thread failed.", failure);
        }
    }
}
