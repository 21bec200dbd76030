namespace Meshpulse.Tests.Steadiness;

/// <summary>
/// Ports for what a test names by number before it binds it, or wants closed. One that was "free just now" is anybody's until it is bound: the
/// kernel gives it to the next socket that takes any port, and all sockets that call or send without having been bound take theirs in the same
/// way, at every address at once where they are UDP. These lie below the kernel's ephemeral range (from 32768 on, ip(7)), where it takes none
/// from, and beside the numbers that tests write down (up to 15000).
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Processes = 20;
    private const int PerProcess = 500;
    private static readonly int s_first = First + (Environment.ProcessId % Processes * PerProcess);
    private static int s_count;

    /// <summary>A port that no other test of this process has, nor of one that runs beside it, unless their numbers meet by chance.</summary>
    /// <exception cref="InvalidOperationException">There are no more.</exception>
    public static int Next()
    {
        var number = Interlocked.Increment(ref s_count) - 1;
        return number < PerProcess ? s_first + number : throw new InvalidOperationException($"more than {PerProcess} ports");
    }
}
