namespace Meshpulse.Agent.History;

/// <summary>Makes coarser windows of finer rows, in the transaction that notes how far that is done.</summary>
internal sealed class WindowRoller(RowStore rows)
{
    // Bounded: a crash leaves a few windows behind, a transaction must not take minutes.
    private const int MostAtOnce = 60;

    /// <summary>Makes the windows of a resolution that are complete in the one below.</summary>
    /// <param name="level">Which resolution.</param>
    /// <param name="complete">Rows before this second, in seconds since 1970, do not change any more.</param>
    /// <param name="levels">Where it is noted.</param>
    /// <returns>How many rows were written.</returns>
    public long Roll(int level, long complete, LevelBook levels)
    {
        var (step, below) = (HistoryLevel.Usual[level].Step, HistoryLevel.Usual[level - 1].Step);
        var (begin, written) = (levels[level].Rolled, 0L);
        for (var left = MostAtOnce; left > 0; left--)
        {
            if (rows.OldestOf(below, begin) is not { } oldest)
            {
                break;
            }

            begin = HistoryTable.SecondOf(oldest) / step * step;
            if (begin + step > complete)
            {
                break;
            }

            foreach (var shape in HistoryShape.All)
            {
                written += Roll(shape, below, step, begin, levels);
            }

            begin += step;
            levels.Roll(level, begin);
        }

        return written;
    }

    private int Roll(HistoryShape shape, int below, int step, long begin, LevelBook levels)
    {
        var (from, to) = (HistorySchema.TableOf(shape.Kind, below), HistorySchema.TableOf(shape.Kind, step));
        var sums = rows.Sums(from, begin, begin + step);
        foreach (var (series, sum) in sums)
        {
            levels.Account(step, 1, rows.Insert(to, HistoryTable.KeyOf(begin, series), sum));
        }

        return sums.Count;
    }
}
