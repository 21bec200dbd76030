using System.Globalization;
using Meshpulse.Core.Statistics;
using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>
/// The table of one kind at one resolution. A row's key is the second in which its window began, times 2^20, plus the series' number. So rows lie in the
/// order of time: new ones go to the end, old ones are cut off the beginning, both in one piece, whatever the number of series. The obvious way,
/// series first, touches a page of the file for each series and second. Windows begin on a grid, so that those of one series are found by their keys.
/// </summary>
/// <param name="shape">What the rows hold.</param>
/// <param name="step">How long their windows are, in seconds.</param>
internal sealed class HistoryTable(HistoryShape shape, int step)
{
    /// <summary>How many series there can be.</summary>
    public const int MaxSeries = 1 << SeriesBits;

    private const int SeriesBits = 20;
    // What a row takes beside its blobs: about two bytes for each figure and the key.
    private readonly int _fixedBytes = 16 + (2 * shape.Figures.Count);

    public HistoryShape Shape => shape;

    public int Step => step;

    public string Name { get; } = $"{shape.Name}_{step.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>All columns but the key: figures, flows, histograms.</summary>
    public IReadOnlyList<string> Columns { get; } =
        [.. shape.Figures.Select(f => f.Name), .. shape.HasFlows ? ["flows"] : Array.Empty<string>(), .. shape.Histograms];

    /// <summary>SQL of the size of a row, as <see cref="Bind"/> gives it.</summary>
    public string SizeExpression =>
        string.Join(" + ", Columns.Skip(shape.Figures.Count).Select(c => $"ifnull(length(\"{c}\"), 0)").Prepend(_fixedBytes.ToString(CultureInfo.InvariantCulture)));

    public string CreateSql => $"CREATE TABLE IF NOT EXISTS {Name} (key INTEGER PRIMARY KEY, {string.Join(", ", Columns.Select((c, i) => $"\"{c}\" {TypeAt(i)}"))})";

    public static long KeyOf(long second, int series) => (second << SeriesBits) | (uint)series;

    public static long SecondOf(long key) => key >> SeriesBits;

    public static int SeriesOf(long key) => (int)(key & (MaxSeries - 1));

    /// <summary>Adds the columns that a file of an older program lacks.</summary>
    public void Complete(SqliteConnection connection)
    {
        var there = ColumnsIn(connection);
        for (var i = 0; i < Columns.Count; i++)
        {
            if (!there.Contains(Columns[i]))
            {
                Sql.Run(connection, $"ALTER TABLE {Name} ADD COLUMN \"{Columns[i]}\" {TypeAt(i)}");
            }
        }
    }

    /// <summary>SQL that reads rows of this shape, key first; what an older file lacks is null.</summary>
    public string SelectSql(SqliteConnection connection)
    {
        var there = ColumnsIn(connection);
        return $"SELECT key, {string.Join(", ", Columns.Select(c => there.Contains(c) ? $"\"{c}\"" : "NULL"))} FROM {Name}";
    }

    /// <summary>A command that writes a row; <see cref="Bind"/> fills it.</summary>
    public SqliteCommand PrepareInsert(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"INSERT OR REPLACE INTO {Name} (key, {string.Join(", ", Columns.Select(c => $"\"{c}\""))}) "
            + $"VALUES ($key, {string.Join(", ", Columns.Select((_, i) => Parameter(i)))})";
        command.Parameters.Add("$key", SqliteType.Integer);
        for (var i = 0; i < Columns.Count; i++)
        {
            command.Parameters.Add(Parameter(i), i < shape.Figures.Count ? SqliteType.Integer : SqliteType.Blob);
        }

        command.Prepare();
        return command;
    }

    /// <summary>Puts a row into the command, and gives its size in bytes.</summary>
    public int Bind(SqliteCommand insert, long key, HistoryRow row)
    {
        insert.Parameters[0].Value = key;
        var size = _fixedBytes;
        var at = 1;
        for (var i = 0; i < shape.Figures.Count; i++)
        {
            insert.Parameters[at++].Value = row.FigureAt(i) is { } value ? value : DBNull.Value;
        }

        if (shape.HasFlows)
        {
            size += BindBlob(insert.Parameters[at++], row.Flows.Count == 0 ? null : FlowBlob.Write(row.Flows));
        }

        for (var i = 0; i < shape.Histograms.Count; i++)
        {
            size += BindBlob(insert.Parameters[at++], row.HistogramAt(i) is { TotalCount: > 0 } histogram ? HdrEncoding.EncodeCompressed(histogram) : null);
        }

        return size;
    }

    /// <summary>The row that a reader of <see cref="SelectSql"/> stands at.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="size">What the row takes.</param>
    /// <exception cref="FormatException">It is damaged.</exception>
    public HistoryRow Read(SqliteDataReader reader, out int size)
    {
        var row = new HistoryRow(shape);
        size = _fixedBytes;
        var at = 1;
        for (var i = 0; i < shape.Figures.Count; i++, at++)
        {
            row.Add(i, reader.IsDBNull(at) ? null : reader.GetInt64(at));
        }

        if (shape.HasFlows)
        {
            if (BlobAt(reader, at++) is { } flows)
            {
                size += flows.Length;
                row.Add(FlowBlob.Read(flows));
            }
        }

        for (var i = 0; i < shape.Histograms.Count; i++, at++)
        {
            if (BlobAt(reader, at) is { } histogram)
            {
                size += histogram.Length;
                row.Set(i, HdrEncoding.DecodeCompressed(histogram));
            }
        }

        return row;
    }

    private static int BindBlob(SqliteParameter parameter, byte[]? blob)
    {
        parameter.Value = blob is null ? DBNull.Value : blob;
        return blob?.Length ?? 0;
    }

    private static byte[]? BlobAt(SqliteDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetFieldValue<byte[]>(at);

    private static string Parameter(int column) => $"$c{column.ToString(CultureInfo.InvariantCulture)}";

    private string TypeAt(int column) => column < shape.Figures.Count ? "INTEGER" : "BLOB";

    private HashSet<string> ColumnsIn(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name FROM pragma_table_info('{Name}')";
        using var reader = command.ExecuteReader();
        var there = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            there.Add(reader.GetString(0));
        }

        return there;
    }
}
