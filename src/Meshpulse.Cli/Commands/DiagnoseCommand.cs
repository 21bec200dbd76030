using System.CommandLine;
using System.Globalization;
using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse diagnose [NODE]</c> and <c>meshpulse diagnose FILE...</c>.</summary>
internal sealed class DiagnoseCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "diagnose";

    private const int MostFiles = 1_000;

    private readonly NodeQuery _query = new(Name);
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<string[]> _date = CommandOption.Value("--date", "a day, as in 2026-01-31");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, or a value where none belongs.</exception>
    public DiagnoseCommand(IReadOnlyList<string> arguments) => _line = ParsedLine.Of([.. _query.Options, _json, _date, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">More than one node, one that can't be, or too many files.</exception>
    public DiagnoseArguments Read()
    {
        return _line.Operands switch
        {
            var files when files.Any(IsFile) => files.Count <= MostFiles
                ? new DiagnoseArguments { Node = _query.ReadLocal(_line), Files = [.. files], Date = ReadDate(), Json = _line.Has(_json) }
                : throw new UsageException($"{Name}: {files.Count} files; at most {MostFiles} at a time"),
            _ when _line.IsGiven(_date) => throw new UsageException("--date: of files alone"),
            _ => new DiagnoseArguments { Node = _query.Read(_line), Json = _line.Has(_json) },
        };
    }

    /// <summary>No node has a slash or an equals sign in its name; else a file is what is there as one.</summary>
    private static bool IsFile(string operand) => operand.AsSpan().ContainsAny('/', '=') || File.Exists(operand);

    private DateOnly? ReadDate() => _line.Last(_date) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1970 and <= 2200 ? date
        : throw new UsageException($"--date {UsageException.Echo(text)}: no day; one is written as in 2026-01-31");
}
