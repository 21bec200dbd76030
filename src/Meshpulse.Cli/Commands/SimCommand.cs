using System.CommandLine;
using Meshpulse.Sim.Incidents;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse sim</c>.</summary>
internal sealed class SimCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "sim";

    private const int FewestNodes = 6;

    private static readonly NumberRange s_seed = new("the seed", "", 0, 1_000_000_000_000, "1");
    private static readonly NumberRange s_nodes = new("the number of nodes", "", FewestNodes, 200, "8");
    private static readonly NumberRange s_incidents = new("the number of incidents", "", 1, 1_000_000, "one of each kind");
    private static readonly NumberRange s_twoAtOnce = new("the share of two at once", "%", 0, 100, "0");
    private static readonly NumberRange s_sickObserver = new("the share of a sick observer", "%", 0, 100, "0");
    private static readonly NumberRange s_require = new("what is required", "%", 0, 100, "nothing");

    private readonly Option<string[]> _seed = CommandOption.Value("--seed", "a number");
    private readonly Option<string[]> _nodes = CommandOption.Value("--nodes", "how many agents there are");
    private readonly Option<string[]> _incidents = CommandOption.Value("--incidents", "how many are drawn");
    private readonly Option<string[]> _kinds = CommandOption.Value("--kinds", "which kinds take turns, as in path.loss,host.gone or host.*");
    private readonly Option<string[]> _twoAtOnce = CommandOption.Value("--two-at-once", "in how many percent another incident begins meanwhile");
    private readonly Option<string[]> _sickObserver = CommandOption.Value("--sick-observer", "in how many percent another node is held up throughout");
    private readonly Option<string[]> _require = CommandOption.Value("--require", "how many percent have to be perfect");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public SimCommand(IReadOnlyList<string> arguments) =>
        _line = ParsedLine.Of([_seed, _nodes, _incidents, _kinds, _twoAtOnce, _sickObserver, _require, _json, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">A value that can't be.</exception>
    public SimArguments Read()
    {
        if (_line.Operands is [var operand, ..])
        {
            throw new UsageException($"{Name}: {UsageException.Echo(operand)} is one word too many; kinds are given as in --kinds path.loss");
        }

        var kinds = ReadKinds();
        return new SimArguments
        {
            Seed = (ulong)(Number(_seed, s_seed) ?? 1),
            Nodes = (int)(Number(_nodes, s_nodes) ?? 8),
            Incidents = (int)(Number(_incidents, s_incidents) ?? kinds.Count),
            Kinds = kinds,
            Company = ReadCompany(),
            Require = (double?)Number(_require, s_require),
            Json = _line.Has(_json),
        };
    }

    private CompanyShares ReadCompany()
    {
        var shares = new CompanyShares((int)(Number(_twoAtOnce, s_twoAtOnce) ?? 0), (int)(Number(_sickObserver, s_sickObserver) ?? 0));
        return shares.TwoAtOnce + shares.SickObserver <= 100
            ? shares
            : throw new UsageException($"{_line.Spelling(_twoAtOnce)} {shares.TwoAtOnce} and {_line.Spelling(_sickObserver)} {shares.SickObserver} are more than 100 % together");
    }

    private IReadOnlyList<string> ReadKinds()
    {
        if (_line.Last(_kinds) is not { } text)
        {
            return IncidentCatalogue.Names;
        }

        var kinds = new List<string>();
        foreach (var word in text.Split(','))
        {
            List<string> found = word.EndsWith(".*", StringComparison.Ordinal)
                ? [.. IncidentCatalogue.Names.Where(n => n.StartsWith(word[..^1], StringComparison.Ordinal))]
                : [.. IncidentCatalogue.Names.Where(n => n == word)];
            if (found.Count == 0)
            {
                throw new UsageException($"{_line.Spelling(_kinds)} {UsageException.Echo(word)}: no such kind; there are {string.Join(", ", IncidentCatalogue.Names)}");
            }

            kinds.AddRange(found);
        }

        return kinds;
    }

    private decimal? Number(Option<string[]> option, NumberRange range) =>
        _line.Last(option) is { } text ? range.Read(_line.Spelling(option), text) : null;
}
