using System.Text;

namespace Meshpulse.Agent.Analysis;

/// <summary>The beginning of what a command printed, and a line of ours about its end: what is shown where the report is out of reach. Not thread-safe.</summary>
public sealed class PrintedText
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxLength = 16_384;

    private const string Cut = "(cut)\n";
    private const int MaxEnding = 300;
    private const int MaxPrinted = MaxLength - MaxEnding - 10;

    private readonly StringBuilder _text = new();

    /// <summary>Nothing more is taken.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes a line, or what still fits of it.</summary>
    /// <param name="line">Without its line feed and with no control characters but tabs.</param>
    public void Add(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (IsFull)
        {
            return;
        }

        var room = MaxPrinted - _text.Length - 1;
        IsFull = line.Length > room;
        var kept = IsFull ? line.AsSpan(0, Math.Max(room, 0)) : line;
        if (!IsFull || !kept.IsEmpty)
        {
            _text.Append(kept).Append('\n');
        }
    }

    /// <summary>The whole: lines, a mark where some were cut off, and how it ended.</summary>
    /// <param name="ending">One line; cut where it is too long.</param>
    public string With(string ending)
    {
        ArgumentNullException.ThrowIfNull(ending);
        return $"{_text}{(IsFull ? Cut : "")}# {(ending.Length > MaxEnding ? ending[..MaxEnding] : ending)}\n";
    }
}
