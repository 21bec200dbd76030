using Meshpulse.Agent.History;
using Meshpulse.Core.Time;
using static Meshpulse.Agent.Tests.History.StoreModel;

namespace Meshpulse.Agent.Tests.History;

public sealed class HistoryStoreTests
{
    private const long Begin = 1_700_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_written_is_read_again_at_any_step_and_no_value_counts_twice_or_not_at_all(int seed)
    {
        using var folder = new StoreFolder();
        var model = new StoreModel(seed);
        Write(folder.File, model, Begin + 3, 250);
        using var reader = HistoryReader.Open(folder.File);
        Assert.Equal(Names.Order(Comparer<SeriesName>.Create((a, b) => string.CompareOrdinal($"{a.Kind:D} {a}", $"{b.Kind:D} {b}"))), reader.Series().Select(s => s.Name));
        foreach (var series in reader.Series())
        {
            foreach (var step in new[] { 1, 2, 5, 10, 30, 60, 120 })
            {
                var answer = reader.Windows(series, At(Begin), At(Begin + 300), HistoryReader.MaxPoints, Duration.FromSeconds(step));
                Assert.Equal(Duration.FromSeconds(step), answer.Step);
                Assert.All(answer.Windows, w => Assert.Equal(
                    $"seed {seed} {Text(model.Sum(series.Name, w.From.Nanoseconds / 1_000_000_000, (w.From + w.Length).Nanoseconds / 1_000_000_000))}",
                    $"seed {seed} {Text(w.Row)}"));
                Assert.Equal(Text(model.Sum(series.Name, 0, long.MaxValue)), Text(answer.Total()));
            }
        }
    }

    [Fact]
    public void Few_points_are_made_by_adding_and_the_step_says_how_long_they_are()
    {
        using var folder = new StoreFolder();
        var model = new StoreModel(7);
        Write(folder.File, model, Begin, 300);
        using var reader = HistoryReader.Open(folder.File);
        var series = reader.Series()[0];
        var answer = reader.Windows(series, At(Begin), At(Begin + 300), 10);
        Assert.Equal(Duration.FromSeconds(30), answer.Step);
        Assert.InRange(answer.Windows.Count, 1, 11);
        Assert.Equal(Text(model.Sum(series.Name, 0, long.MaxValue)), Text(answer.Total()));
    }

    [Fact]
    public void The_matrix_of_a_span_has_each_series_once()
    {
        using var folder = new StoreFolder();
        var model = new StoreModel(8);
        Write(folder.File, model, Begin, 100);
        using var reader = HistoryReader.Open(folder.File);
        var totals = reader.Totals(SeriesKind.Path, At(Begin + 20), At(Begin + 50));
        Assert.Equal(["b", "c"], totals.Select(t => t.Series.Name.Target));
        Assert.All(totals, t => Assert.Equal(Text(model.Sum(t.Series.Name, Begin + 20, Begin + 50)), Text(t.Row)));
    }

    [Fact]
    public void A_second_that_comes_again_since_the_clock_stepped_back_is_added_to_at_all_steps()
    {
        using var folder = new StoreFolder();
        var model = new StoreModel(9);
        Write(folder.File, model, Begin, 200);
        Write(folder.File, model, Begin + 50, 100);
        using var reader = HistoryReader.Open(folder.File);
        foreach (var series in reader.Series().Where(s => s.Name.Kind == SeriesKind.Check))
        {
            foreach (var step in new[] { 1, 10, 60 })
            {
                var answer = reader.Windows(series, At(Begin), At(Begin + 300), HistoryReader.MaxPoints, Duration.FromSeconds(step));
                Assert.Equal(model.Sum(series.Name, 0, long.MaxValue)!.Figure("sent"), answer.Total()!.Figure("sent"));
                Assert.Equal(model.Sum(series.Name, 0, long.MaxValue)!.Histogram("round_trip")!.TotalCount, answer.Total()!.Histogram("round_trip")!.TotalCount);
            }
        }
    }

    [Fact]
    public void Beyond_the_hour_seconds_are_gone_and_ten_seconds_are_not()
    {
        using var folder = new StoreFolder();
        var model = new StoreModel(10);
        var name = Names[3];
        using (var writer = new HistoryWriter(folder.File, HistoryOptions.DefaultSize, "a"))
        {
            for (var second = 0; second < 5_000; second += 5)
            {
                var batch = model.Batch(Begin + second + 0.5);
                writer.Take(batch with { Rows = [.. batch.Rows.Where(r => r.Name == name)] });
                writer.Commit();
            }

            while (writer.Trim())
            {
                // All that is due.
            }
        }

        using var reader = HistoryReader.Open(folder.File);
        Assert.InRange(reader.Reach[0].Oldest!.Value.Nanoseconds / 1_000_000_000, Begin + 4_995 - 3_600, Begin + 4_995 - 3_590);
        Assert.Equal(Begin, reader.Reach[1].Oldest!.Value.Nanoseconds / 1_000_000_000);
        var answer = reader.Windows(reader.Series()[0], At(Begin), At(Begin + 5_000), HistoryReader.MaxPoints);
        Assert.Equal(Duration.FromSeconds(10), answer.Step);
        Assert.Equal(Text(model.Sum(name, 0, long.MaxValue)), Text(answer.Total()));
        Assert.Equal(Duration.FromSeconds(1), reader.Windows(reader.Series()[0], At(Begin + 4_000), At(Begin + 5_000), HistoryReader.MaxPoints).Step);
    }

    [Fact]
    public void Events_are_read_in_order_and_the_latest_of_too_many()
    {
        using var folder = new StoreFolder();
        using (var writer = new HistoryWriter(folder.File, HistoryOptions.DefaultSize, "a"))
        {
            writer.Take(new HistoryBatch(At(Begin), [], [.. Enumerable.Range(0, 50).Select(i => new HistoryEvent(At(Begin + i), "note", "", $"{i}"))], []));
            writer.Commit();
        }

        using var reader = HistoryReader.Open(folder.File);
        Assert.Equal(["10", "11"], reader.Events(At(Begin + 10), At(Begin + 12), 100).Select(e => e.Text));
        Assert.Equal(["48", "49"], reader.Events(At(Begin), At(Begin + 100), 2).Select(e => e.Text));
        Assert.Equal("a", reader.Node);
    }

    private static void Write(string file, StoreModel model, double begin, int seconds)
    {
        using var writer = new HistoryWriter(file, HistoryOptions.DefaultSize, "a");
        for (var half = 1; half <= seconds * 2; half++)
        {
            writer.Take(model.Batch(begin + (half / 2.0)));
            writer.Commit();
        }
    }
}
