using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>Statements of one line.</summary>
internal static class Sql
{
    /// <summary>Runs a statement whose answer is of no interest.</summary>
    public static void Run(SqliteConnection connection, string text, params (string Name, object Value)[] values)
    {
        using var command = CommandOf(connection, text, values);
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a statement answers; null for NULL or nothing.</summary>
    public static long? Number(SqliteConnection connection, string text, params (string Name, object Value)[] values)
    {
        using var command = CommandOf(connection, text, values);
        return command.ExecuteScalar() is long number ? number : null;
    }

    /// <summary>Gives a transaction up; after some errors SQLite has done so already.</summary>
    public static void TryRollBack(SqliteConnection connection)
    {
        try
        {
            Run(connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // There is none any more.
        }
    }

    /// <summary>A statement with its values.</summary>
    public static SqliteCommand CommandOf(SqliteConnection connection, string text, params (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of tables and columns come from HistoryShape; everything else is a value.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
