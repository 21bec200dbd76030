using System.Collections.Concurrent;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.Tests.History;

/// <summary>What becomes of files that can't be used as they are, and of the history meanwhile.</summary>
public sealed class HistoryFileTests
{
    private const long Begin = 1_700_000_000;

    private readonly ConcurrentQueue<string> _notes = new();

    [Theory]
    [InlineData("no database at all")]
    [InlineData("another text")]
    public async Task A_file_that_is_no_database_is_set_aside_and_a_new_one_is_begun(string content)
    {
        using var folder = new StoreFolder();
        await File.WriteAllTextAsync(folder.File, string.Concat(Enumerable.Repeat(content, 200)));
        await WriteAsync(folder.File, 5);
        Assert.Contains(_notes, n => n.Contains("is damaged; it is kept as node.history.damaged-", StringComparison.Ordinal));
        Assert.Contains(content, await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder.Path, "*.damaged-*"))), StringComparison.Ordinal);
        Assert.True(Newest(folder.File) >= Begin + 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_file_with_damage_within_is_set_aside_and_a_new_one_is_begun(int seed)
    {
        using var folder = new StoreFolder();
        await WriteAsync(folder.File, 120);
        Damage(folder.File, new Random(seed));
        await WriteAsync(folder.File, 130, 121);
        Assert.True(_notes.Any(n => n.Contains("is kept as node.history.damaged-", StringComparison.Ordinal)), $"seed {seed}: {string.Join('\n', _notes)}");
        Assert.True(Newest(folder.File) >= Begin + 129, $"seed {seed}");
    }

    [Fact]
    public async Task A_file_that_is_cut_short_is_set_aside()
    {
        using var folder = new StoreFolder();
        await WriteAsync(folder.File, 120);
        using (var file = new FileStream(folder.File, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        await WriteAsync(folder.File, 130, 121);
        Assert.Single(Directory.GetFiles(folder.Path, "*.damaged-*"));
        Assert.True(Newest(folder.File) >= Begin + 129);
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_set_aside_whole()
    {
        using var folder = new StoreFolder();
        await WriteAsync(folder.File, 5);
        Run(folder.File, "PRAGMA user_version = 99");
        var before = await File.ReadAllBytesAsync(folder.File);
        var refused = Assert.Throws<HistoryFileException>(() => HistoryReader.Open(folder.File));
        Assert.Equal(HistoryFileFault.Newer, refused.Fault);
        await WriteAsync(folder.File, 10, 6);
        Assert.Contains(_notes, n => n.Contains("newer Meshpulse", StringComparison.Ordinal) && n.Contains("is kept as node.history.newer-", StringComparison.Ordinal));
        Assert.Equal(before, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder.Path, "*.newer-*"))));
    }

    [Fact]
    public void Somebody_elses_database_is_left_alone()
    {
        using var folder = new StoreFolder();
        Run(folder.File, "CREATE TABLE accounts (id INTEGER)");
        var before = File.ReadAllBytes(folder.File);
        using (var service = Service(folder.File))
        {
            service.Offer(Batch(0));
            service.Offer(Batch(1));
        }

        Assert.Contains(_notes, n => n.Contains("is a database of another program", StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(folder.File));
        Assert.Equal(HistoryFileFault.Foreign, Assert.Throws<HistoryFileException>(() => HistoryReader.Open(folder.File)).Fault);
    }

    [Fact]
    public async Task Two_agents_do_not_write_one_file()
    {
        using var folder = new StoreFolder();
        using var first = Service(folder.File);
        first.Offer(Batch(0));
        await Eventually.TrueAsync(() => first.State == HistoryState.Writing, "the first writes");
        using var second = Service(folder.File);
        second.Offer(Batch(1));
        await Eventually.TrueAsync(() => _notes.Any(n => n.Contains("is written by another agent", StringComparison.Ordinal)), () => string.Join('\n', _notes));
    }

    [Fact]
    public async Task Who_holds_a_file_a_moment_longer_is_waited_for()
    {
        using var folder = new StoreFolder();
        var first = HistoryPlace.Take(folder.File, TimeSpan.Zero);
        Assert.Equal(HistoryFileFault.Taken, Assert.Throws<HistoryFileException>(() => HistoryPlace.Take(folder.File, TimeSpan.Zero)).Fault);
        var second = Task.Run(() => HistoryPlace.Take(folder.File, Eventually.Hang));
        first.Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task A_file_that_is_removed_is_begun_anew()
    {
        using var folder = new StoreFolder();
        using var service = Service(folder.File);
        service.Offer(Batch(0));
        await Eventually.TrueAsync(() => service.State == HistoryState.Writing, "it writes");
        File.Delete(folder.File);
        var second = 1;
        await Eventually.TrueAsync(() => Offered(service, second++) && _notes.Any(n => n.Contains("was removed", StringComparison.Ordinal)) && File.Exists(folder.File), () => string.Join('\n', _notes));
    }

    [Fact]
    public void An_older_file_gets_the_columns_that_it_lacks_and_keeps_what_it_has()
    {
        using var folder = new StoreFolder();
        Write(folder.File, 0, 5);
        Run(folder.File, "ALTER TABLE path_1 DROP COLUMN strays", "ALTER TABLE path_1 DROP COLUMN backward");
        using (var reader = HistoryReader.Open(folder.File))
        {
            // As it is, and without writing.
            Assert.NotEmpty(reader.Windows(reader.Series()[0], StoreModel.At(Begin), StoreModel.At(Begin + 5), 100).Windows);
        }

        Write(folder.File, 6, 10);
        using var after = HistoryReader.Open(folder.File);
        var windows = after.Windows(after.Series()[0], StoreModel.At(Begin), StoreModel.At(Begin + 10), 100).Windows;
        Assert.Null(windows[0].Row.Histogram("backward"));
        Assert.NotNull(windows[^1].Row.Histogram("backward"));
        Assert.Equal(3, windows[0].Row.Figure("sent"));
    }

    [Fact]
    public void Upgrades_are_made_in_order_from_where_a_file_is_or_not_at_all()
    {
        using var folder = new StoreFolder();
        Write(folder.File, 0, 5);
        using var connection = Open(folder.File);
        Assert.ThrowsAny<SqliteException>(() => HistorySchema.Upgrade(connection, ["none", "CREATE TABLE more (a); INSERT INTO more VALUES (1)", "no SQL"]));
        Assert.Equal(1, HistorySchema.VersionOf(connection));
        Assert.Null(Sql.Number(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'more'"));
        HistorySchema.Upgrade(connection, ["none", "CREATE TABLE more (a); INSERT INTO more VALUES (1)", "UPDATE more SET a = a + 1"]);
        Assert.Equal(3, HistorySchema.VersionOf(connection));
        Assert.Equal(2, Sql.Number(connection, "SELECT a FROM more"));
    }

    [Fact]
    public void It_never_takes_more_than_its_size_and_what_is_oldest_goes_first()
    {
        using var folder = new StoreFolder();
        var names = Enumerable.Range(0, 250).Select(i => new SeriesName(SeriesKind.Path, "a", $"b{i}", "mesh")).ToList();
        var random = new Random(5);
        using (var writer = new HistoryWriter(folder.File, HistoryOptions.MinSize, "a"))
        {
            for (var second = 0; second < 300; second++)
            {
                writer.Take(new HistoryBatch(StoreModel.At(Begin + second + 1), [.. names.Select(n => (Begin + second, n, BigRow(random)))], [], []));
                var isFull = false;
                try
                {
                    writer.Commit();
                }
                catch (SqliteException e) when (HistoryErrors.IsFull(e))
                {
                    isFull = true;
                }

                for (var left = isFull || second % 10 == 0 ? 20 : 0; left > 0 && writer.Trim(); left--)
                {
                    // The next piece.
                }
            }
        }

        Assert.InRange(new FileInfo(folder.File).Length, HistoryOptions.MinSize / 2, HistoryOptions.MinSize);
        using var reader = HistoryReader.Open(folder.File);
        Assert.Equal(Begin + 299, reader.Reach[0].Newest!.Value.Nanoseconds / 1_000_000_000);
        Assert.True(reader.Reach[0].Oldest > StoreModel.At(Begin));
        Assert.NotEmpty(reader.Windows(reader.Series()[7], StoreModel.At(Begin + 290), StoreModel.At(Begin + 300), 100).Windows);
    }

    /// <summary>A small file system of its own, that another file fills.</summary>
    [Fact]
    public async Task A_full_disk_is_told_once_and_when_there_is_room_again_it_goes_on_with_what_waited()
    {
        Assert.SkipUnless(Environment.UserName == "root", "mounting a file system needs root");
        using var folder = new StoreFolder();
        Assert.SkipUnless(Mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.Path), "a tmpfs can't be mounted here");
        try
        {
            using (var service = Service(folder.File))
            {
                service.Offer(Batch(0));
                await Eventually.TrueAsync(() => service.State == HistoryState.Writing, "it writes");
                var ballast = Path.Combine(folder.Path, "ballast");
                Fill(ballast);
                var second = 1;
                await Eventually.TrueAsync(() => Offered(service, second++) && service.State == HistoryState.Full, () => $"{service.State} {string.Join('\n', _notes)}");
                File.Delete(ballast);
                var resumed = second;
                await Eventually.TrueAsync(() => Offered(service, second++) && service.State == HistoryState.Writing, () => $"{service.State} {string.Join('\n', _notes)}");
                Assert.Equal(1, _notes.Count(n => n.Contains("the disk is full", StringComparison.Ordinal)));
                Assert.Equal(1, _notes.Count(n => n.Contains("is written again", StringComparison.Ordinal)));
                Assert.True(second >= resumed);
            }

            using var reader = HistoryReader.Open(folder.File);
            Assert.Equal("ok", Scalar(folder.File, "PRAGMA integrity_check"));
            Assert.NotEmpty(reader.Windows(reader.Series()[0], StoreModel.At(Begin), StoreModel.At(Begin + 1), 10).Windows);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Assert.True(Called("umount", folder.Path));
        }
    }

    private static bool Mount(params string[] arguments) => Called("mount", arguments);

    private static bool Called(string program, params string[] arguments)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Fill(string file)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        try
        {
            while (true)
            {
                stream.Write(new byte[4_096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static bool Offered(HistoryService service, int second)
    {
        service.Offer(Batch(second));
        return true;
    }

    private static HistoryBatch Batch(int second)
    {
        var random = new Random(second);
        return new HistoryBatch(
            StoreModel.At(Begin + second + 0.9),
            [.. Enumerable.Range(0, 20).Select(i => (Begin + second, new SeriesName(SeriesKind.Path, "a", $"b{i}", "mesh"), BigRow(random)))],
            [],
            []);
    }

    private static HistoryRow BigRow(Random random)
    {
        var row = new HistoryRow(HistoryShape.Path);
        row.Add(row.Shape.FigureAt("sent"), 3);
        for (var i = 0; i < row.Shape.Histograms.Count; i++)
        {
            for (var values = 0; values < 40; values++)
            {
                row.Record(i).Record(random.Next(1_000, 50_000_000));
            }
        }

        return row;
    }

    private static void Write(string file, int from, int to)
    {
        using var writer = new HistoryWriter(file, HistoryOptions.DefaultSize, "a");
        for (var second = from; second < to; second++)
        {
            writer.Take(Batch(second));
            writer.Commit();
        }
    }

    /// <summary>Noise over the pages beyond the first, which are tables'.</summary>
    private static void Damage(string file, Random random)
    {
        using var stream = new FileStream(file, FileMode.Open);
        for (var page = 1; page < stream.Length / 4_096; page++)
        {
            if (random.Next(3) > 0)
            {
                var noise = new byte[200];
                random.NextBytes(noise);
                stream.Position = page * 4_096L;
                stream.Write(noise);
            }
        }
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Run(string file, params string[] statements)
    {
        using var connection = Open(file);
        foreach (var statement in statements)
        {
            Sql.Run(connection, statement);
        }

        Sql.Number(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static string? Scalar(string file, string statement)
    {
        using var connection = Open(file);
        using var command = Sql.CommandOf(connection, statement);
        return command.ExecuteScalar() as string;
    }

    private static long Newest(string file)
    {
        using var reader = HistoryReader.Open(file);
        return reader.Reach[0].Newest is { } newest ? newest.Nanoseconds / 1_000_000_000 : 0;
    }

    private HistoryService Service(string file)
    {
        var service = new HistoryService(new HistoryOptions { File = file }, "a", _notes.Enqueue);
        service.Start();
        return service;
    }

    /// <summary>Seconds through a service, none of them dropped; when this is over nobody has the file any more.</summary>
    private async Task WriteAsync(string file, int to, int from = 0)
    {
        using (var service = Service(file))
        {
            for (var second = from; second < to; second++)
            {
                var (rows, last) = (service.RowsWritten + service.RowsDropped, second);
                service.Offer(Batch(second));
                await Eventually.TrueAsync(() => service.RowsWritten + service.RowsDropped > rows || last == from, () => $"{service.State} {string.Join('\n', _notes)}");
            }

            await Eventually.TrueAsync(() => service.State == HistoryState.Writing, () => $"{service.State} {string.Join('\n', _notes)}");
        }

        // A service waits a second at most for its thread, which a busy disk can hold longer.
        HistoryPlace.Take(file, Eventually.Hang).Dispose();
    }
}
