using System.CommandLine;
using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse matrix [NODE]</c>.</summary>
internal sealed class MatrixCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "matrix";

    private readonly NodeQuery _query = new(Name);
    private readonly Option<string[]> _show = CommandOption.Value("--show", "loss, p50, p99 or ratio", "-s");
    private readonly Option<bool> _csv = CommandOption.Flag("--csv");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, or a value where none belongs.</exception>
    public MatrixCommand(IReadOnlyList<string> arguments) =>
        _line = ParsedLine.Of([.. _query.Options, _show, _csv, _json, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">More than one node, one that can't be, or an unknown figure.</exception>
    public MatrixArguments Read() => new(_query.Read(_line), Figure(), Form());

    private MatrixFigure Figure() => _line.Last(_show) switch
    {
        null or "loss" => MatrixFigure.Loss,
        "p50" => MatrixFigure.P50,
        "p99" => MatrixFigure.P99,
        "ratio" => MatrixFigure.Ratio,
        var other => throw new UsageException($"{_line.Spelling(_show)} {UsageException.Echo(other)}: not one of loss, p50, p99, ratio"),
    };

    private MatrixForm Form() => (_line.Has(_csv), _line.Has(_json)) switch
    {
        (true, true) => throw new UsageException($"{Name}: --csv or --json, not both"),
        (true, _) => MatrixForm.Csv,
        (_, true) => MatrixForm.Json,
        _ => MatrixForm.Text,
    };
}
