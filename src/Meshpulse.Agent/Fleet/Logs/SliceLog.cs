using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Logs;

/// <summary>
/// The slices in a log file of one node, one at a time, in the order of the file. Each has its end on the axis that all logs share: the node's wall clock as
/// it was at the beginning of its run, carried on by the monotonic clock, so that a step of the wall clock does not tear the node's time apart.
/// </summary>
public sealed class SliceLog : IDisposable
{
    // Slewing moves a wall clock by less between two slices (500 ppm, adjtimex(2)); more is a step.
    private static readonly Duration s_step = Duration.FromMilliseconds(5);

    private readonly Stream _stream;
    private readonly BoundedLines _lines;
    private (string Node, ulong Run, long Offset)? _clock;

    /// <summary>Begins at the beginning.</summary>
    /// <param name="name">How the log is called where something is said of it.</param>
    /// <param name="stream">Its bytes; closed with this.</param>
    public SliceLog(string name, Stream stream)
    {
        (Name, _stream) = (name, stream);
        _lines = new BoundedLines(stream, SliceBatch.MaxBytes);
    }

    /// <summary>How it is called.</summary>
    public string Name { get; }

    /// <summary>Slices so far.</summary>
    public long Slices { get; private set; }

    /// <summary>Lines so far that were damaged, too long or of another version.</summary>
    public long Damaged { get; private set; }

    /// <summary>The slice that was read last; null at the end.</summary>
    public NodeSlice? Current { get; private set; }

    /// <summary>When that ended, on the axis of all logs: nanoseconds since 1970.</summary>
    public MonoTime At { get; private set; }

    /// <summary>Reads on to the next slice. False at the end.</summary>
    /// <exception cref="IOException">The file can't be read; the message begins with its name.</exception>
    public bool TryNext()
    {
        Current = null;
        while (TryNextLine(out var line))
        {
            if (line is { Length: 0 })
            {
                continue;
            }

            if (line is not { } text || !FleetJson.TryReadLogLine(text.Span, out var slice))
            {
                Damaged++;
            }
            else if (slice is not null)
            {
                Slices++;
                (Current, At) = (slice, Place(slice));
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();

    private bool TryNextLine(out ReadOnlyMemory<byte>? line)
    {
        try
        {
            return _lines.TryNext(out line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{Name}: {e.Message}", e);
        }
    }

    private MonoTime Place(NodeSlice slice)
    {
        var offset = slice.At.Offset;
        if (_clock is { } known && known.Node == slice.Node && known.Run == slice.Run && new Duration(offset - known.Offset).Abs() > s_step)
        {
            offset = known.Offset;
        }

        _clock = (slice.Node, slice.Run, offset);
        // Whatever a damaged file says: a moment that is far from where sums overflow.
        return new MonoTime((long)Int128.Clamp((Int128)slice.At.Mono.Nanoseconds + offset, 0, MomentConverter.Most));
    }
}
