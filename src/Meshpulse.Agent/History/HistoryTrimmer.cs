using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>Cuts off what is too old, or has no room: a bounded piece at a time, each in its own transaction.</summary>
internal sealed class HistoryTrimmer(SqliteConnection connection, RowStore rows)
{
    private const int Piece = 4_000;

    /// <summary>Cuts a piece off the beginning of a resolution.</summary>
    /// <param name="level">Which resolution.</param>
    /// <param name="before">As far as a moment, in seconds since 1970.</param>
    /// <param name="levels">What is noted of it.</param>
    /// <returns>What is noted now; null where there was nothing to cut off.</returns>
    public LevelBook? Cut(int level, long before, LevelBook levels)
    {
        var step = HistoryLevel.Usual[level].Step;
        if (rows.OldestOf(step) is not { } oldest || HistoryTable.SecondOf(oldest) >= before)
        {
            return null;
        }

        var after = levels.Copy();
        // By time and the same for all kinds, so that what is left of them begins together.
        var end = Math.Min(HistoryTable.KeyOf(before, 0), PieceEnd(level, levels));
        Sql.Run(connection, "BEGIN IMMEDIATE");
        try
        {
            foreach (var shape in HistoryShape.All)
            {
                Delete(HistorySchema.TableOf(shape.Kind, step), end, after);
            }

            after.Write(connection, levels);
            Sql.Run(connection, "COMMIT");
        }
        catch
        {
            Sql.TryRollBack(connection);
            throw;
        }

        return after;
    }

    /// <summary>Cuts off events, or verdicts.</summary>
    /// <param name="table">Which.</param>
    /// <param name="oldest">Older ones go, in nanoseconds since 1970.</param>
    /// <param name="bound">The most that there may be.</param>
    public void CutNotes(string table, long oldest, long bound) => Sql.Run(
        connection,
        $"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE at < $oldest ORDER BY at LIMIT $most) OR id <= (SELECT max(id) FROM {table}) - $bound",
        ("$oldest", oldest),
        ("$most", Piece),
        ("$bound", bound));

    /// <summary>What of the file is in use, in bytes.</summary>
    public long Measure()
    {
        var page = Sql.Number(connection, "PRAGMA page_size") ?? 0;
        return page * ((Sql.Number(connection, "PRAGMA page_count") ?? 0) - (Sql.Number(connection, "PRAGMA freelist_count") ?? 0));
    }

    /// <summary>Gives pages back where the file is larger than it may be: the size was set lower.</summary>
    public void Shrink(long room)
    {
        var page = Sql.Number(connection, "PRAGMA page_size") ?? 4_096;
        if (Sql.Number(connection, "PRAGMA page_count") * page > room && Sql.Number(connection, "PRAGMA freelist_count") > 0)
        {
            using var command = Sql.CommandOf(connection, "PRAGMA incremental_vacuum(2000)");
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                // Each step gives one page back.
            }
        }
    }

    /// <summary>The end of a piece at the beginning of a resolution: some thousand rows, and not much of what there is.</summary>
    private long PieceEnd(int level, LevelBook levels)
    {
        var step = HistoryLevel.Usual[level].Step;
        var count = Math.Clamp(levels[level].Rows / 8, 1, Piece);
        var end = HistoryTable.KeyOf(long.MaxValue >> 21, 0);
        foreach (var shape in HistoryShape.All)
        {
            var name = HistorySchema.TableOf(shape.Kind, step).Name;
            if (Sql.Number(connection, $"SELECT key FROM {name} ORDER BY key LIMIT 1 OFFSET $rows", ("$rows", count)) is { } key)
            {
                // A whole window at least, or there would be no end to it.
                end = Math.Min(end, HistoryTable.KeyOf(HistoryTable.SecondOf(key) + step, 0));
            }
        }

        return end;
    }

    private void Delete(HistoryTable table, long end, LevelBook levels)
    {
        using (var command = Sql.CommandOf(connection, $"SELECT count(*), ifnull(sum({table.SizeExpression}), 0) FROM {table.Name} WHERE key < $end", ("$end", end)))
        using (var reader = command.ExecuteReader())
        {
            if (reader.Read())
            {
                levels.Account(table.Step, -reader.GetInt64(0), -reader.GetInt64(1));
            }
        }

        Sql.Run(connection, $"DELETE FROM {table.Name} WHERE key < $end", ("$end", end));
    }
}
