using System.CommandLine;
using Meshpulse.Agent.History;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse history [PEER]</c>.</summary>
internal sealed class HistoryCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "history";

    private static readonly NumberRange s_points = new("the number of steps", "", 1, HistoryReader.MaxPoints, "60");

    private readonly Option<string[]> _from = CommandOption.Value("--from", "where to begin, as in 2026-05-01T03:00:00Z or -30m (default -1h)");
    private readonly Option<string[]> _to = CommandOption.Value("--to", "where to end, as in 2026-05-01T04:00:00Z or -5m (default now)");
    private readonly Option<string[]> _step = CommandOption.Value("--step", "how long a step is, as in 10s or 5m");
    private readonly Option<string[]> _points = CommandOption.Value("--points", "the most steps (default 60)");
    private readonly Option<string[]> _kind = CommandOption.Value("--kind", "path, heartbeat or check");
    private readonly Option<string[]> _file = CommandOption.Value("--file", "the file of the history, or a folder with one");
    private readonly Option<bool> _vitals = CommandOption.Flag("--vitals");
    private readonly Option<bool> _events = CommandOption.Flag("--events");
    private readonly Option<bool> _verdicts = CommandOption.Flag("--verdicts");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _csv = CommandOption.Flag("--csv");
    private readonly Option<bool> _hlog = CommandOption.Flag("--hlog");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, or a value where none belongs.</exception>
    public HistoryCommand(IReadOnlyList<string> arguments) => _line = ParsedLine.Of(
        [_from, _to, _step, _points, _kind, _file, _vitals, _events, _verdicts, _json, _csv, _hlog, _help],
        arguments,
        $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <param name="now">What relative times count from.</param>
    /// <exception cref="UsageException">A value that can't be, or words that don't go together.</exception>
    public HistoryArguments Read(WallTime now)
    {
        var format = ReadFormat();
        var arguments = new HistoryArguments
        {
            Topic = ReadTopic(),
            Peer = _line.Operands is [var peer, ..] ? peer : null,
            From = Moment(_from, now) ?? now - Duration.FromSeconds(3_600),
            To = Moment(_to, now) ?? now,
            Step = ReadStep(),
            Points = _line.Last(_points) is { } points
                ? (int)s_points.Read(_line.Spelling(_points), points)
                : format == HistoryFormat.Text ? HistoryArguments.TextPoints : HistoryArguments.DataPoints,
            Kind = ReadKind(),
            Place = _line.Last(_file) is { Length: 0 } ? throw new UsageException($"{_line.Spelling(_file)} '': a file has a name") : _line.Last(_file),
            Format = format,
        };
        if (arguments.To <= arguments.From)
        {
            throw new UsageException($"{Name}: --to is not later than --from");
        }

        if (format == HistoryFormat.Hlog && arguments.Topic != HistoryTopic.Windows)
        {
            throw new UsageException("--hlog: histograms are of a path; say of which, as in history PEER --hlog");
        }

        return arguments;
    }

    private WallTime? Moment(Option<string[]> option, WallTime now)
    {
        if (_line.Last(option) is not { } text)
        {
            return null;
        }

        return MomentText.Read(text, now, out var moment) is { } problem
            ? throw new UsageException($"{_line.Spelling(option)} {UsageException.Echo(text)}: {problem}")
            : moment;
    }

    private Duration? ReadStep()
    {
        if (_line.Last(_step) is not { } text)
        {
            return null;
        }

        return SpanText.Read(text, out var span) is { } problem ? throw new UsageException($"{_line.Spelling(_step)} {UsageException.Echo(text)}: {problem}") : span;
    }

    private SeriesKind? ReadKind() => _line.Last(_kind) switch
    {
        null => null,
        "path" => SeriesKind.Path,
        "heartbeat" => SeriesKind.Heartbeat,
        "check" => SeriesKind.Check,
        var other => throw new UsageException($"{_line.Spelling(_kind)} {UsageException.Echo(other)}: there are path, heartbeat and check"),
    };

    private HistoryFormat ReadFormat()
    {
        (Option<bool> Option, HistoryFormat Format)[] formats = [(_json, HistoryFormat.Json), (_csv, HistoryFormat.Csv), (_hlog, HistoryFormat.Hlog)];
        return formats.Where(f => _line.Has(f.Option)).ToList() switch
        {
            [] => HistoryFormat.Text,
            [var one] => one.Format,
            [var first, var second, ..] => throw new UsageException($"{_line.Spelling(second.Option)}: not together with {_line.Spelling(first.Option)}"),
        };
    }

    private HistoryTopic ReadTopic()
    {
        if (_line.Operands is [_, var more, ..])
        {
            throw new UsageException($"{Name}: one peer at a time; {UsageException.Echo(more)} is one too many. Both ends are one word, as in 'a -> b'");
        }

        (Option<bool> Option, HistoryTopic Topic)[] topics = [(_vitals, HistoryTopic.Vitals), (_events, HistoryTopic.Events), (_verdicts, HistoryTopic.Verdicts)];
        var asked = topics.Where(t => _line.Has(t.Option)).ToList();
        if (asked.Count > 1)
        {
            throw new UsageException($"{_line.Spelling(asked[1].Option)}: not together with {_line.Spelling(asked[0].Option)}");
        }

        if (asked is [var topic] && _line.Operands.Count > 0)
        {
            throw new UsageException($"{_line.Spelling(topic.Option)}: is of the whole node; not together with a peer");
        }

        return asked is [var one] ? one.Topic : _line.Operands.Count > 0 ? HistoryTopic.Windows : HistoryTopic.Contents;
    }
}
