using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Fleet;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Fleet;

/// <summary>Answers of a node, as small as can be.</summary>
internal sealed class TestMesh
{
    public static readonly WallTime Now = new(1_800_000_000_000_000_000);

    private readonly string[] _names;
    private readonly string[] _states;
    private readonly MatrixCell[,] _cells;

    /// <summary>All pairs fine: nothing lost, 100 and 200 us, or what their bytes make of that (96.4 and 201), as usual.</summary>
    public TestMesh(params string[] names)
    {
        _names = names;
        _states = [.. names.Select(_ => "up")];
        _cells = new MatrixCell[names.Length, names.Length];
        for (var from = 0; from < names.Length; from++)
        {
            for (var to = 0; to < names.Length; to++)
            {
                _cells[from, to] = from == to ? MatrixCell.Unknown : Cell(0, 100, 200, 1, CellState.Fine);
            }
        }
    }

    public List<MissingEntry> Missing { get; } = [];

    public static TestMesh OfSize(int count) => new([.. Enumerable.Range(1, count).Select(i => $"10.0.0.{i}")]);

    public static VerdictDocument Verdicts(params VerdictEntry[] verdicts) => new(1, "10.0.0.1", Now, verdicts);

    public static VerdictEntry Verdict(VerdictKind kind, VerdictPlace place, double confidence = 0.9, string? id = null) => new(
        id ?? $"{VerdictKinds.IdOf(kind)} {place}",
        VerdictKinds.IdOf(kind),
        VerdictWhere.Of(place),
        Now - Duration.FromSeconds(12),
        null,
        confidence,
        [new VerdictEvidenceEntry("10.0.0.2", "lost", 7, "%", 0)],
        VerdictKinds.SuggestionFor(kind),
        Now,
        0);

    public TestMesh With(int from, int to, double? loss, double? p50, double? p99, double? ratio, CellState state = CellState.Fine)
    {
        _cells[from, to] = Cell(loss, p50, p99, ratio, state);
        return this;
    }

    public TestMesh WithState(int node, string state)
    {
        _states[node] = state;
        return this;
    }

    public MatrixGrid Grid() => new(Document());

    public NodesDocument Nodes() => new(1, _names[0], Now, _names[0], false, new NodeSettings(5, 250, 2_000, 1_000), [.. _names.Select((n, i) => new NodeEntry(n, _states[i], false, [], []))]);

    public MatrixDocument Document() => new(
        1, _names[0], Now, Now, _names, [.. _names.Select(_ => (string?)null)], [.. _names.Select(_ => (IReadOnlyList<string>)[])], _states,
        [.. _names.Select(_ => (double?)250)], Missing, [.. _names.Select((_, from) => Row(from))]);

    private static MatrixCell Cell(double? loss, double? p50, double? p99, double? ratio, CellState state) =>
        new(CellCodes.OfLoss(loss), CellCodes.OfDelay(p50), CellCodes.OfDelay(p99), CellCodes.OfRatio(ratio), state);

    private MatrixRowEntry Row(int from)
    {
        byte[] Column(Func<MatrixCell, byte> read) => [.. Enumerable.Range(0, _names.Length).Select(to => read(_cells[from, to]))];
        return new MatrixRowEntry(from, MatrixRowEntry.OneWay, Column(c => c.Loss), Column(c => c.P50), Column(c => c.P99), Column(c => c.Ratio), Column(c => (byte)c.State));
    }
}
