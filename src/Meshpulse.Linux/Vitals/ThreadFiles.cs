using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Vitals;

/// <summary>The files of one thread of ours.</summary>
internal sealed class ThreadFiles(string directory, int tid) : IDisposable
{
    private readonly SourceFile _schedstat = new($"{directory}/schedstat");
    private readonly SourceFile _status = new($"{directory}/status");

    /// <summary>Its number.</summary>
    public int Tid => tid;

    /// <summary>The thread has ended.</summary>
    public bool IsGone => _status.Error is Errno.ESRCH or Errno.ENOENT;

    /// <summary>Why the run-queue delay can't be had.</summary>
    public Errno SchedstatError => _schedstat.Error;

    /// <summary>Which CPUs it may use, as of the last reading.</summary>
    public CpuSet? AllowedCpus { get; private set; }

    /// <summary>Reads both.</summary>
    /// <param name="buffer">For the text.</param>
    /// <param name="now">The time.</param>
    /// <param name="withCpus">Find out <see cref="AllowedCpus"/> too.</param>
    public ThreadReading Read(Span<byte> buffer, MonoTime now, bool withCpus)
    {
        var delay = ThreadText.RunQueueDelay(_schedstat.Read(buffer, now));
        var status = _status.Read(buffer, now);
        AllowedCpus = withCpus ? ThreadText.AllowedCpus(status) : null;
        return new ThreadReading(tid, delay, ThreadText.InvoluntarySwitches(status));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _schedstat.Dispose();
        _status.Dispose();
    }
}
