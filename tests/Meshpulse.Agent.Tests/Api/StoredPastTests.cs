using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Tests.History;
using Meshpulse.Core.Diagnosis.Live;
using static Meshpulse.Agent.Tests.History.StoredIncident;

namespace Meshpulse.Agent.Tests.Api;

/// <summary>The past out of a store: what was an hour ago is told as it was then.</summary>
public sealed class StoredPastTests
{
    private const double Lost = (double)LostPerSecond / SentPerSecond;

    private readonly StoredIncident _incident = new(["a", "b", "c"], "a", "b", 1_790_000_000);

    [Fact]
    public async Task A_row_has_the_loss_and_the_delay_of_that_moment_and_of_that_direction_alone()
    {
        using var folder = new StoreFolder();
        _incident.Write(folder.File, "a");
        using var past = new StoredPast("a", folder.File);
        var bad = (await past.RowAsync(At(_incident.Began + 60), default))!;
        Assert.Equal(["a", "b", "c"], bad.Names);
        Assert.Equal(Lost, CellCodes.Loss(bad.Forward[1].Loss)!.Value, 0.02);
        Assert.InRange(CellCodes.Delay(bad.Forward[1].P99)!.Value, 37_000, 43_000);
        // The most that a byte tells.
        Assert.Equal(100, CellCodes.Ratio(bad.Forward[1].Ratio)!.Value, 1.0);
        Assert.All([bad.Backward[1], bad.Forward[2], bad.Backward[2]], AssertCalm);
        foreach (var second in (long[])[_incident.Began - 60, _incident.Ended + 60])
        {
            var calm = (await past.RowAsync(At(second), default))!;
            Assert.All([calm.Forward[1], calm.Backward[1], calm.Forward[2], calm.Backward[2]], AssertCalm);
        }
    }

    [Fact]
    public async Task The_other_end_has_the_same_as_its_way_back()
    {
        using var folder = new StoreFolder();
        _incident.Write(folder.File, "b");
        using var past = new StoredPast("b", folder.File);
        var row = (await past.RowAsync(At(_incident.Began + 60), default))!;
        Assert.Equal(Lost, CellCodes.Loss(row.Backward[0].Loss)!.Value, 0.02);
        Assert.All([row.Forward[0], row.Forward[2], row.Backward[2]], AssertCalm);
    }

    [Fact]
    public async Task Of_a_time_that_is_not_kept_nothing_is_made_up()
    {
        using var folder = new StoreFolder();
        _incident.Write(folder.File, "a");
        using var past = new StoredPast("a", folder.File);
        Assert.Null(await past.RowAsync(At(_incident.Began - (2 * Length)), default));
        Assert.Null(await past.RowAsync(At(_incident.Began + (2 * Length)), default));
        var nobody = await past.PathAsync("d", SpanAround(_incident.Began), default);
        Assert.Contains("nothing of d", nobody.Missing, StringComparison.Ordinal);
        using var without = new StoredPast("a", Path.Combine(folder.Path, "other.history"));
        Assert.Null(await without.RowAsync(At(_incident.Began), default));
        Assert.Contains("is not there", (await without.PathAsync("b", SpanAround(_incident.Began), default)).Missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_has_the_losses_step_by_step_and_by_flow()
    {
        using var folder = new StoreFolder();
        _incident.Write(folder.File, "a");
        using var past = new StoredPast("a", folder.File);
        var path = await past.PathAsync("b", SpanAround(_incident.Began + 60), default);
        Assert.Null(path.Missing);
        Assert.Equal(BadLength * LostPerSecond, path.LostForward.Sum());
        Assert.Equal(0, path.LostBackward.Sum());
        for (var i = 0; i < path.T.Count; i++)
        {
            var isBad = path.T[i] >= _incident.Began * 1_000 && path.T[i] < _incident.Ended * 1_000;
            Assert.Equal(isBad ? path.Sent[i] * Lost : 0, path.LostForward[i]);
        }

        Assert.Equal(4, path.Flows.Count);
        Assert.All(path.Flows, f => Assert.Equal(BadLength * LostPerSecond / 4, f.LostForward));
    }

    [Fact]
    public async Task A_verdict_is_told_as_it_was_at_the_end_of_the_span()
    {
        using var folder = new StoreFolder();
        _incident.Write(folder.File, "a");
        using var past = new StoredPast("a", folder.File);
        Assert.Empty(await past.VerdictsAsync(Until(_incident.Began - 1), default));
        Assert.Null(Assert.Single(await past.VerdictsAsync(Until(_incident.Began + 60), default)).Until);
        Assert.Equal(At(_incident.Ended), Assert.Single(await past.VerdictsAsync(Until(_incident.Ended + 60), default)).Until);
    }

    [Fact]
    public async Task One_that_has_lasted_for_hours_is_still_told_and_one_whose_judge_was_killed_went_no_further_than_its_next_start()
    {
        using var folder = new StoreFolder();
        var (began, started) = (_incident.Began, _incident.Began + (4 * 3_600));
        using (var writer = new HistoryWriter(folder.File, HistoryOptions.DefaultSize, "a"))
        {
            var verdict = new VerdictEntry("v", "host.gone", new VerdictWhere("host") { Host = "b" }, At(began), null, 1, [], "", At(began), 0);
            writer.Take(new HistoryBatch(At(began), [], [new HistoryEvent(At(began - 600), "started", "a", "")], [new HistoryVerdict(At(began), "begun", verdict)]));
            writer.Take(new HistoryBatch(At(started), [], [new HistoryEvent(At(started), "started", "a", "")], []));
            writer.Commit();
        }

        using var past = new StoredPast("a", folder.File);
        Assert.Null(Assert.Single(await past.VerdictsAsync(Until(started - 60), default)).Until);
        Assert.Equal(At(started), Assert.Single(await past.VerdictsAsync(Until(started + 60), default)).Until);
        Assert.Empty(await past.VerdictsAsync(Until(started + 3_660), default));
    }

    [Fact]
    public async Task The_matrix_of_then_marks_what_a_verdict_of_then_names()
    {
        using var folder = new StoreFolder();
        _incident.Write(folder.File, "a");
        using var past = new StoredPast("a", folder.File);
        await using var mesh = await TestMesh.StartAsync(["a", "b", "c"], change: o => o with { Past = _ => past });
        mesh.Tell();
        var bad = await MatrixAsync(mesh, _incident.Began + 60);
        Assert.Equal([CellState.NoData, CellState.Verdict, CellState.Fine], StatesOf(bad, 0));
        Assert.Equal([CellState.Fine, CellState.NoData, CellState.NoData], StatesOf(bad, 1));
        Assert.Equal(["b", "c"], bad.Missing.Select(m => m.Node));
        foreach (var second in (long[])[_incident.Began - 60, _incident.Ended + 60])
        {
            Assert.Equal([CellState.NoData, CellState.Fine, CellState.Fine], StatesOf(await MatrixAsync(mesh, second), 0));
        }
    }

    private static ApiSpan SpanAround(long second) => new(At(second - 300), At(second + 300), 1_000);

    private static ApiSpan Until(long second) => new(At(second - 3_600), At(second), 10_000);

    private static void AssertCalm(MatrixCell cell)
    {
        Assert.Equal(0, CellCodes.Loss(cell.Loss));
        Assert.InRange(CellCodes.Delay(cell.P99)!.Value, 90, 130);
        Assert.Equal(1, CellCodes.Ratio(cell.Ratio)!.Value, 0.1);
        Assert.Equal(CellState.Fine, cell.State);
    }

    private static Task<MatrixDocument> MatrixAsync(TestMesh mesh, long second) => mesh.GetAsync<MatrixDocument>($"{MeshApi.MatrixPath}?at={second * 1_000}");

    private static IEnumerable<CellState> StatesOf(MatrixDocument matrix, int from) => matrix.Rows.Single(r => r.From == from).State.Select(s => (CellState)s);
}
