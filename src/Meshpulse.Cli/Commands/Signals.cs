using System.Runtime.InteropServices;

namespace Meshpulse.Cli.Commands;

/// <summary>The first SIGINT or SIGTERM asks the program to end, the second one ends it at once.</summary>
internal sealed class Signals : IDisposable
{
    // timeout(1) and some supervisors signal the process and then its group: that is one wish, told twice.
    private const int SameSignal = 50;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _firstAt;

    public Signals() =>
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, On), PosixSignalRegistration.Create(PosixSignal.SIGTERM, On)];

    public CancellationToken Stop => _stop.Token;

    /// <summary>
    /// Stops as well when standard input ends, where the parent asked for it: a child then never outlives its parent,
    /// however that ended.
    /// </summary>
    public void FollowInput(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) == "1")
        {
            new Thread(WaitForInputEnd, 128 * 1024) { Name = "input", IsBackground = true }.Start();
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void WaitForInputEnd()
    {
        using var input = System.Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[64];
        while (input.Read(ignored) > 0)
        {
        }

        _stop.Cancel();
    }

    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        var now = Environment.TickCount64;
        var first = Interlocked.CompareExchange(ref _firstAt, now, 0);
        if (first == 0)
        {
            _stop.Cancel();
        }
        else if (now - first > SameSignal)
        {
            Environment.Exit(context.Signal == PosixSignal.SIGINT ? 130 : 143);
        }
    }
}
