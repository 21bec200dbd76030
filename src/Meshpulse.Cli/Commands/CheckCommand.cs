using System.CommandLine;

namespace Meshpulse.Cli.Commands;

/// <summary>
/// The line of <c>check FILE</c>, and the same of a program of its own, <c>mehsh_check FILE</c>. With <c>--mesh</c> it takes all that
/// the mesh command takes; without, a server or an option of the mesh is a mistake rather than something that has no effect.
/// </summary>
internal sealed class CheckCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "check";

    private readonly MeshOptionSet _options = new();
    private readonly Option<string[]> _name = CommandOption.Value("--name", "the name of a server in the file", "-n");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _watch = CommandOption.Flag("--watch");
    private readonly Option<bool> _portable = CommandOption.Flag("--portable");
    private readonly Option<bool> _mesh = CommandOption.Flag("--mesh");
    private readonly ParsedLine _line;
    private readonly string _start;
    private readonly string _usage;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public CheckCommand(IReadOnlyList<string> arguments, string invokedAs)
    {
        var isOwnProgram = invokedAs == InvocationName.MehshCheck;
        _start = isOwnProgram ? "" : $"{Name}: ";
        _usage = $"{(isOwnProgram ? invokedAs : Name)} FILE --name NAME";
        _line = ParsedLine.Of([_name, _json, _watch, _portable, _mesh, .. _options.All], arguments, isOwnProgram ? invokedAs : $"{InvocationName.Default} {Name}");
    }

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _options.WantsHelp(_line);

    /// <summary>True where the version was asked for.</summary>
    public bool WantsVersion => _options.WantsVersion(_line);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">The file is missing, a value can't be, or two words don't go together.</exception>
    public CheckArguments Read()
    {
        if (_line.Operands is not [{ Length: > 0 } file, ..])
        {
            throw new UsageException($"{_start}the file is missing; it is {_usage}");
        }

        var servers = _line.Operands.Skip(1).ToList();
        var withMesh = _line.Has(_mesh);
        if (!withMesh)
        {
            RefuseMesh(servers);
        }

        var mesh = _options.Read(_line, servers);
        return new CheckArguments
        {
            File = file,
            Name = _line.Last(_name),
            Output = ReadOutput(),
            Quiet = mesh.Quiet,
            Debug = mesh.Debug,
            Realtime = mesh.Realtime,
            Portable = _line.Has(_portable),
            Stamp = mesh.Stamp,
            FullMetrics = mesh.FullMetrics,
            History = mesh.History,
            NoHistory = mesh.NoHistory,
            HistorySize = mesh.HistorySize,
            Metrics = mesh.Metrics,
            MetricsGiven = _options.GivesMetrics(_line),
            Mesh = withMesh ? mesh : null,
            MeshBindGiven = withMesh && _options.GivesBind(_line),
        };
    }

    private void RefuseMesh(IReadOnlyList<string> servers)
    {
        if (servers is [var server, ..])
        {
            throw new UsageException($"{_start}one file at a time; {UsageException.Echo(server)} is one too many. If it is a server of the mesh, add --mesh");
        }

        if (_options.OfMeshAlone.FirstOrDefault(_line.IsGiven) is { } option)
        {
            throw new UsageException($"{_line.Spelling(option)}: an option of the mesh; to be a node of it as well, add --mesh");
        }
    }

    private CheckOutput ReadOutput()
    {
        var (json, watch) = (_line.Has(_json), _line.Has(_watch));
        if (json && watch)
        {
            throw new UsageException("--watch: not together with --json; the one is for people, the other for programs");
        }

        if (watch && _line.Has(_options.Quiet))
        {
            throw new UsageException($"{_line.Spelling(_options.Quiet)}: leaves nothing for --watch to show");
        }

        return json ? CheckOutput.Json : watch ? CheckOutput.Watch : CheckOutput.Lines;
    }
}
