using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>How far each resolution is made and what it takes, as the file notes it. A transaction changes a copy, which takes the place of the original once it is committed.</summary>
internal sealed class LevelBook
{
    private readonly LevelState[] _states;

    private LevelBook(LevelState[] states) => _states = states;

    /// <summary>Before which second since 1970 a resolution's windows are made, and its rows and bytes.</summary>
    public LevelState this[int level] => _states[level];

    /// <summary>Reads what the file notes.</summary>
    public static LevelBook Read(SqliteConnection connection) => new(
        [.. HistoryLevel.Usual.Select(level =>
        {
            using var command = Sql.CommandOf(connection, "SELECT rolled, rows, bytes FROM levels WHERE step = $step", ("$step", level.Step));
            using var reader = command.ExecuteReader();
            return reader.Read() ? new LevelState(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : default;
        })]);

    /// <summary>For a transaction to change.</summary>
    public LevelBook Copy() => new((LevelState[])_states.Clone());

    /// <summary>A resolution's windows are made up to a second.</summary>
    public void Roll(int level, long until) => _states[level] = _states[level] with { Rolled = until };

    /// <summary>A resolution has more rows and bytes, or fewer.</summary>
    public void Account(int step, long rows, long bytes)
    {
        for (var i = 0; i < _states.Length; i++)
        {
            if (HistoryLevel.Usual[i].Step == step)
            {
                _states[i] = _states[i] with { Rows = Math.Max(0, _states[i].Rows + rows), Bytes = Math.Max(0, _states[i].Bytes + bytes) };
            }
        }
    }

    /// <summary>Notes in the file what is not as before.</summary>
    public void Write(SqliteConnection connection, LevelBook before)
    {
        for (var i = 0; i < _states.Length; i++)
        {
            if (_states[i] != before._states[i])
            {
                Sql.Run(
                    connection,
                    "UPDATE levels SET rolled = $rolled, rows = $rows, bytes = $bytes WHERE step = $step",
                    ("$rolled", _states[i].Rolled),
                    ("$rows", _states[i].Rows),
                    ("$bytes", _states[i].Bytes),
                    ("$step", HistoryLevel.Usual[i].Step));
            }
        }
    }

    /// <summary>The resolution that takes most for its share.</summary>
    public int MostOverShare()
    {
        var most = 0;
        for (var i = 1; i < _states.Length; i++)
        {
            if (_states[i].Bytes / HistoryLevel.Usual[i].Share > _states[most].Bytes / HistoryLevel.Usual[most].Share)
            {
                most = i;
            }
        }

        return most;
    }
}
