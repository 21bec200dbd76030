using Meshpulse.Agent.History;
using Meshpulse.Core.Time;
using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.Tests.History;

public sealed class HistoryKillTests
{
    private const int Kills = 120;

    /// <summary>Whatever it was doing: writing, rolling up, trimming, taking the log in. Two at once, since most of the time goes into starting.</summary>
    [Fact]
    public async Task A_writer_that_is_killed_hundreds_of_times_loses_half_a_second_each_time_at_most_and_the_file_stays_sound()
    {
        using var first = new StoreFolder();
        using var second = new StoreFolder();
        await Task.WhenAll(Task.Run(() => KillAsync(first.File, 1)), Task.Run(() => KillAsync(second.File, 2)));
    }

    private static async Task KillAsync(string file, int seed)
    {
        var random = new Random(seed);
        var there = new SortedSet<long>();
        for (var kill = 0; kill < Kills; kill++)
        {
            long last;
            long next;
            var before = there.Count == 0 ? -2 : there.Max;
            using (var writer = KilledWriter.Start(file))
            {
                last = await writer.KillAsync(TimeSpan.FromMilliseconds(random.Next(120)));
                next = ((before / 2) + 1) * 2;
            }

            for (var half = next; half < last; half++)
            {
                there.Add(half);
            }

            if (Check(file, there, last, $"seed {seed}, kill {kill}, half second {last}"))
            {
                there.Add(last);
            }
        }

        CheckAll(file, there, $"seed {seed}");
    }

    /// <summary>All before the last half second is there, to the value. True where that is as well.</summary>
    private static bool Check(string file, SortedSet<long> there, long last, string what)
    {
        Assert.Equal("ok", Soundness(file));
        using var reader = HistoryReader.Open(file);
        var series = reader.Series();
        // The first of all may have been killed before anything was committed.
        Assert.True(series.Count == KilledWriter.Names.Length || there.Count == 0, what);
        var isLastThere = false;
        foreach (var one in series.Where((_, i) => i % 5 == 0))
        {
            var from = Math.Max(0, last - 30);
            var answer = reader.Windows(one, StoreModel.At(KilledWriter.SecondOf(from)), StoreModel.At(KilledWriter.SecondOf(last) + 1), HistoryReader.MaxPoints, Duration.FromSeconds(1));
            var told = Text(answer);
            var expected = Text(one.Name, there, from, last);
            var withLast = Text(one.Name, [.. there.Append(last)], from, last);
            Assert.True(told == expected || told == withLast, $"{what}, {one.Name}: {told} is neither {expected} nor {withLast}");
            isLastThere = told == withLast;
        }

        Assert.Equal(0, reader.Unreadable);
        return isLastThere;
    }

    private static void CheckAll(string file, SortedSet<long> there, string what)
    {
        using var reader = HistoryReader.Open(file);
        foreach (var one in reader.Series())
        {
            foreach (var step in new[] { 10, 60 })
            {
                var to = StoreModel.At(KilledWriter.SecondOf(there.Max) + 1);
                var answer = reader.Windows(one, StoreModel.At(KilledWriter.StoreBegin), to, HistoryReader.MaxPoints, Duration.FromSeconds(step));
                Assert.Equal(step, answer.Step.Seconds);
                Assert.Equal($"{what} {there.Sum(h => Sent(one.Name, h))}", $"{what} {answer.Total()!.Figure("sent")}");
                Assert.Equal(there.Count * 5L, answer.Total()!.HistogramAt(0)!.TotalCount);
            }
        }
    }

    private static long Sent(SeriesName name, long half) => KilledWriter.RowOf(name, half).Figure("sent")!.Value;

    private static string Text(HistoryWindows answer) =>
        string.Join(' ', answer.Windows.Select(w => $"{w.From.Nanoseconds / 1_000_000_000}={w.Row.Figure("sent")}/{w.Row.HistogramAt(0)!.TotalCount}"));

    private static string Text(SeriesName name, SortedSet<long> there, long from, long last) => string.Join(
        ' ',
        there.Where(h => KilledWriter.SecondOf(h) >= KilledWriter.SecondOf(from) && h <= last)
            .GroupBy(KilledWriter.SecondOf)
            .Select(g => $"{g.Key}={g.Sum(h => Sent(name, h))}/{g.Count() * 5}"));

    private static string? Soundness(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return command.ExecuteScalar() as string;
    }
}
