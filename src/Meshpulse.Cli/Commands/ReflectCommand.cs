using System.CommandLine;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse reflect</c>.</summary>
internal sealed class ReflectCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "reflect";

    private readonly Option<string[]> _listen = CommandOption.Value("--listen", "where to listen, as in :8620, 192.0.2.7 or [2001:db8::7]:8620");
    private readonly Option<string[]> _keyFile = CommandOption.Value("--key-file", "a file with a key on each line, in hexadecimal");
    private readonly Option<string[]> _allow = CommandOption.Value("--allow", "a network that is answered, as in 192.0.2.0/24");
    private readonly Option<bool> _stateless = CommandOption.Flag("--stateless");
    private readonly Option<bool> _noTlvs = CommandOption.Flag("--no-tlvs");
    private readonly Option<string[]> _metrics = CommandOption.Value("--metrics-bind", "where the metrics are served, as in 12223, :12223 or 192.0.2.7:12223", "-m");
    private readonly Option<bool> _disableMetrics = CommandOption.Flag("--disable-metrics", "-d");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public ReflectCommand(IReadOnlyList<string> arguments) =>
        _line = ParsedLine.Of(
            [_listen, _keyFile, _allow, _stateless, _noTlvs, _metrics, _disableMetrics, _json, _help],
            arguments,
            $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">A value that can't be.</exception>
    public ReflectArguments Read() => _line.Operands is [var operand, ..]
        ? throw new UsageException($"{Name}: {UsageException.Echo(operand)} is one word too many; an address to listen at is given as in --listen 192.0.2.7")
        : new ReflectArguments
        {
            Listen = ReadListen(),
            KeyFile = _line.Last(_keyFile),
            Allow = [.. _line.All(_allow).Select(text => NetworkText.Read(_line.Spelling(_allow), text))],
            Stateless = _line.Has(_stateless),
            ProcessTlvs = !_line.Has(_noTlvs),
            Metrics = ReadMetrics(),
            Json = _line.Has(_json),
        };

    private ReflectBind ReadListen()
    {
        if (_line.Last(_listen) is not { } text)
        {
            return ReflectBind.Default;
        }

        return ReflectBind.TryParse(text, out var listen, out var problem)
            ? listen
            : throw new UsageException($"{_line.Spelling(_listen)} {UsageException.Echo(text)}: {problem}");
    }

    private MetricsBind? ReadMetrics()
    {
        if (_line.Last(_metrics) is not { } text)
        {
            return null;
        }

        if (!MetricsBind.TryParse(text, out var metrics, out var problem))
        {
            throw new UsageException($"{_line.Spelling(_metrics)} {UsageException.Echo(text)}: {problem}");
        }

        return _line.Has(_disableMetrics) ? null : metrics;
    }
}
