using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Linux.Vitals;

/// <summary>
/// For how long the calling thread has been ready and waited for a CPU, since it began. To be made, read and disposed of on that thread. Reading takes a
/// system call of about a microsecond and allocates nothing.
/// </summary>
public sealed class RunQueueClock : IDisposable
{
    private readonly SourceFile _file;

    /// <summary>The clock of the calling thread.</summary>
    /// <param name="proc">Where proc(5) is.</param>
    public RunQueueClock(string proc) =>
        // By number: what thread-self leads to is found anew with each opening, and that could be on another thread.
        _file = new SourceFile($"{proc}/self/task/{OwnThread.Id(proc) ?? 0}/schedstat");

    /// <summary>The time waited; null where the kernel does not tell.</summary>
    public Duration? Read()
    {
        Span<byte> buffer = stackalloc byte[128];
        return ThreadText.RunQueueDelay(_file.Read(buffer, SystemClocks.Mono()));
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
