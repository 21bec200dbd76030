using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>Shows checks on the console: each report in one write, and the notes between them.</summary>
internal sealed class CheckConsole : ICheckListener, IDisposable
{
    // The output of an analysis may be a thousand notes at once; a frame for each would be work that nobody sees.
    private static readonly Duration s_shortestFrame = Duration.FromMilliseconds(100);

    private readonly Queue<CheckNote> _notes = new();
    private readonly CheckOutput _output;
    private readonly bool _quiet;
    private readonly bool _details;
    private readonly ConsoleWriter _writer;
    private readonly bool _colour;
    private readonly Func<TerminalSize> _size;
    private CheckReport? _report;
    private WallTime? _drawn;

    /// <param name="output">In which form.</param>
    /// <param name="quiet">Notes only.</param>
    /// <param name="details">Notes of details too.</param>
    /// <param name="writer">Made with <see cref="CapacityFor"/> and <see cref="DropNotice"/>; not disposed of here.</param>
    /// <param name="colour">Whether colours are written at all (see <see cref="ColourPolicy"/>).</param>
    /// <param name="size">The terminal's size, asked for each frame.</param>
    public CheckConsole(CheckOutput output, bool quiet, bool details, ConsoleWriter writer, bool colour, Func<TerminalSize> size)
    {
        // Quiet leaves nothing to redraw; the notes are lines then.
        _output = quiet && output == CheckOutput.Watch ? CheckOutput.Lines : output;
        (_quiet, _details, _writer, _colour, _size) = (quiet, details, writer, colour, size);
    }

    /// <summary>How many characters may wait for the output: of frames only the newest, since it says all that the others did.</summary>
    public static int CapacityFor(CheckOutput output) => output == CheckOutput.Watch ? 0 : ConsoleWriter.DefaultCapacity;

    /// <summary>What says that lines were lost, in the form of the others; nothing between frames.</summary>
    /// <param name="now">The wall clock.</param>
    public static Func<long, string> DropNotice(CheckOutput output, Func<WallTime> now)
    {
        return lost =>
        {
            var note = new CheckNote(now(), $"{lost} lines lost: the output was too slow");
            return output switch
            {
                CheckOutput.Json => CheckJson.Format(note),
                CheckOutput.Watch => "",
                _ => CheckLines.Format(note),
            };
        };
    }

    /// <inheritdoc />
    public void OnReport(CheckReport report)
    {
        if (_quiet)
        {
            return;
        }

        if (_output == CheckOutput.Watch)
        {
            _report = report;
            Draw(report.At);
        }
        else if (report.Pairs.Count > 0)
        {
            _writer.Write(_output == CheckOutput.Json ? CheckJson.Format(report) : CheckLines.Format(report));
        }
    }

    /// <inheritdoc />
    public void OnNote(CheckNote note)
    {
        if (note.IsDetail && !_details)
        {
            return;
        }

        if (_output == CheckOutput.Watch)
        {
            Keep(note);
        }
        else
        {
            _writer.Write(_output == CheckOutput.Json ? CheckJson.Format(note) : CheckLines.Format(note));
        }
    }

    /// <summary>Draws what is newest and gives the cursor back; to be called when nothing more happens, before the writer ends.</summary>
    public void Dispose()
    {
        if (_drawn is not null)
        {
            // In one block, as of two that wait the older one may go.
            _writer.Write(CheckTable.Frame(_report, [.. _notes], _size(), _colour) + CheckTable.Leave);
            _drawn = null;
        }
    }

    private void Keep(CheckNote note)
    {
        _notes.Enqueue(note);
        if (_notes.Count > CheckTable.MostNotes)
        {
            _notes.Dequeue();
        }

        if (_drawn is not { } drawn || (note.At - drawn).Abs() >= s_shortestFrame)
        {
            Draw(note.At);
        }
    }

    private void Draw(WallTime now)
    {
        _writer.Write(CheckTable.Frame(_report, [.. _notes], _size(), _colour));
        _drawn = now;
    }
}
