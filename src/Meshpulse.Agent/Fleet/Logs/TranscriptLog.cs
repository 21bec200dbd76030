using System.Text;
using Meshpulse.Core.Diagnosis.Transcripts;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Logs;

/// <summary>
/// The console output of one node in a file: of meshmonitor, of mehsh, or of this program where it prints alike. It is read twice: whole, for whose it is and on which days
/// it was printed, and then line by line.
/// </summary>
public sealed class TranscriptLog : IDisposable
{
    // In UTF-8 a character has up to three bytes for each of .NET's.
    private const int LongestLine = TranscriptReader.LongestLine * 3;

    private readonly Stream _stream;
    private readonly Queue<TranscriptEntry> _entries = new();
    private readonly List<TranscriptEntry> _taken = [];
    private readonly char[] _text = new char[LongestLine];
    private BoundedLines _lines;
    private TranscriptReader _reader;

    /// <summary>Reads the file whole.</summary>
    /// <param name="name">How it is called where something is said of it.</param>
    /// <param name="stream">Its bytes, which can be read again; closed with this.</param>
    /// <param name="given">Whose it is, as the operator says; null where he does not.</param>
    /// <exception cref="IOException">It can't be read; the message begins with its name.</exception>
    public TranscriptLog(string name, Stream stream, string? given = null)
    {
        (Name, _stream, Given) = (name, stream, given);
        _lines = new BoundedLines(stream, LongestLine);
        _reader = new TranscriptReader("", default);
        while (TryTake(_reader, _taken))
        {
            _taken.Clear();
        }

        Survey = _reader;
    }

    /// <summary>How it is called.</summary>
    public string Name { get; }

    /// <summary>Whose it is, as the operator says.</summary>
    public string? Given { get; }

    /// <summary>What was found when it was read whole.</summary>
    public TranscriptReader Survey { get; }

    /// <summary>What was read last; null at the end.</summary>
    public TranscriptEntry? Current { get; private set; }

    /// <summary>Whether a file is one: the first of its lines that says anything decides.</summary>
    /// <param name="stream">The file, at its beginning, where it is again afterwards.</param>
    /// <param name="name">How it is called.</param>
    /// <returns>False for lines of JSON, as <c>--log-file</c> writes them, and for an empty file.</returns>
    /// <exception cref="IOException">It can't be read, or is neither; the message begins with the file and the line.</exception>
    public static bool IsOne(Stream stream, string name)
    {
        const int MostLines = 1_000;
        var lines = new BoundedLines(stream, LongestLine);
        var reader = new TranscriptReader("", default);
        var entries = new List<TranscriptEntry>();
        var text = new char[LongestLine];
        try
        {
            while (reader.Lines < MostLines && lines.TryNext(out var line))
            {
                // A line of JSON may be longer than any of theirs.
                if (line is not { } bytes || bytes.Span.TrimStart((byte)' ') is [(byte)'{', ..])
                {
                    return false;
                }

                if (reader.Take(Decode(bytes.Span, text), entries))
                {
                    return true;
                }
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{name}: {e.Message}", e);
        }
        finally
        {
            stream.Position = 0;
        }

        return reader.FirstUnknown == 0 ? false
            : throw new IOException($"{name}:{reader.FirstUnknown}: neither what --log-file writes nor what meshmonitor or mehsh print, and no line behind it either");
    }

    /// <summary>Begins again at the beginning, this time for what the lines say.</summary>
    /// <param name="node">Whose it is.</param>
    /// <param name="midnight">When the day of the first line began, where it was printed.</param>
    public void Begin(string node, WallTime midnight)
    {
        _stream.Position = 0;
        _lines = new BoundedLines(_stream, LongestLine);
        _reader = new TranscriptReader(node, midnight);
        _entries.Clear();
    }

    /// <summary>Reads on to the next thing that a line tells. False at the end.</summary>
    /// <exception cref="IOException">The file can't be read; the message begins with its name.</exception>
    public bool TryNext()
    {
        while (_entries.Count == 0)
        {
            _taken.Clear();
            if (!TryTake(_reader, _taken))
            {
                Current = null;
                return false;
            }

            _taken.ForEach(_entries.Enqueue);
        }

        Current = _entries.Dequeue();
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();

    private static ReadOnlySpan<char> Decode(ReadOnlySpan<byte> line, char[] text) => text.AsSpan(0, Encoding.UTF8.GetChars(line, text));

    private bool TryTake(TranscriptReader reader, List<TranscriptEntry> into)
    {
        try
        {
            if (!_lines.TryNext(out var line))
            {
                return false;
            }

            if (line is { } bytes)
            {
                _ = reader.Take(Decode(bytes.Span, _text), into);
            }
            else
            {
                reader.PassOver();
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{Name}: {e.Message}", e);
        }
    }
}
