using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>
/// The layout of a store's file, and how files of older programs come to it. A figure or histogram that is new is a column that is added, whatever
/// the version; the version rises where an older program would read the file wrongly.
/// </summary>
internal static class HistorySchema
{
    /// <summary>The version of the files that this program writes (<c>PRAGMA user_version</c>).</summary>
    public const int Version = 1;

    /// <summary>Says that a file is ours: MPHS (<c>PRAGMA application_id</c>).</summary>
    public const int ApplicationId = 0x4D504853;

    /// <summary>The tables of windows.</summary>
    public static IReadOnlyList<HistoryTable> Tables { get; } =
        [.. from level in HistoryLevel.Usual from shape in HistoryShape.All select new HistoryTable(shape, level.Step)];

    // The one at place n leads from version n to n + 1; version 0 is an empty file.
    private static readonly string[] s_upgrades =
    [
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE series (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, "check" TEXT NOT NULL,
                             first INTEGER NOT NULL, last INTEGER NOT NULL, UNIQUE (kind, source, target, "check"));
        CREATE TABLE levels (step INTEGER PRIMARY KEY, rolled INTEGER NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL);
        CREATE TABLE events (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, node TEXT NOT NULL, text TEXT NOT NULL);
        CREATE INDEX events_at ON events (at);
        CREATE TABLE verdicts (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, change TEXT NOT NULL, body TEXT NOT NULL);
        CREATE INDEX verdicts_at ON verdicts (at);
        """,
    ];

    /// <summary>The table of a kind at a resolution.</summary>
    public static HistoryTable TableOf(SeriesKind kind, int step) => Tables.First(t => t.Shape.Kind == kind && t.Step == step);

    /// <summary>Looks whether a file is one that this program can use.</summary>
    /// <exception cref="HistoryFileException">It is somebody else's, or of a newer program.</exception>
    public static void Check(SqliteConnection connection)
    {
        var version = VersionOf(connection);
        if (Sql.Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            if (version != 0 || Sql.Number(connection, "SELECT count(*) FROM sqlite_schema") != 0)
            {
                throw new HistoryFileException(HistoryFileFault.Foreign, "is a database of another program");
            }
        }
        else if (version > Version)
        {
            throw new HistoryFileException(HistoryFileFault.Newer, $"was written by a newer Meshpulse (version {version} of the file; this program has {Version})");
        }
    }

    /// <summary>Brings a file to this program's layout, all of it or nothing.</summary>
    /// <param name="connection">A file that <see cref="Check"/> found usable.</param>
    /// <param name="upgrades">For tests: instead of the real ones.</param>
    public static void Upgrade(SqliteConnection connection, IReadOnlyList<string>? upgrades = null)
    {
        upgrades ??= s_upgrades;
        Sql.Run(connection, "BEGIN IMMEDIATE");
        try
        {
            var version = VersionOf(connection);
            for (var next = version; next < upgrades.Count; next++)
            {
                Sql.Run(connection, upgrades[next]);
            }

            foreach (var table in Tables)
            {
                Sql.Run(connection, table.CreateSql);
                table.Complete(connection);
            }

            foreach (var level in HistoryLevel.Usual)
            {
                Sql.Run(connection, "INSERT OR IGNORE INTO levels (step, rolled, rows, bytes) VALUES ($step, 0, 0, 0)", ("$step", level.Step));
            }

            Sql.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Math.Max(version, upgrades.Count)}"));
            Sql.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
            Sql.Run(connection, "COMMIT");
        }
        catch (SqliteException)
        {
            Sql.TryRollBack(connection);
            throw;
        }
    }

    /// <summary>The version that a file says it has.</summary>
    public static int VersionOf(SqliteConnection connection) => (int)(Sql.Number(connection, "PRAGMA user_version") ?? 0);
}
