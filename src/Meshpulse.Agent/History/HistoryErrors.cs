using Microsoft.Data.Sqlite;

namespace Meshpulse.Agent.History;

/// <summary>What SQLite's result codes mean for a store (https://www.sqlite.org/rescode.html).</summary>
internal static class HistoryErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;
    // SQLITE_IOERR_SHORT_READ: the file is shorter than it says.
    private const int ShortRead = IoError | (2 << 8);

    /// <summary>The content contradicts itself: the file is to be set aside.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is Corrupt or NotADatabase || e.SqliteExtendedErrorCode == ShortRead;

    /// <summary>No room: on the disk, or within the bytes that the store may take.</summary>
    public static bool IsFull(SqliteException e) => e.SqliteErrorCode == Full;

    /// <summary>Somebody else has it locked for the moment.</summary>
    public static bool IsBusy(SqliteException e) => e.SqliteErrorCode is Busy or Locked;

    /// <summary>In words that follow the file's name.</summary>
    public static string Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => "is damaged",
        Full => "can't grow: the disk is full",
        Busy or Locked => "is locked by another program",
        IoError => $"can't be read or written: the disk reports an error ({e.SqliteExtendedErrorCode})",
        3 or 8 => "can't be written: permission denied",
        14 => "can't be opened: is its folder there, and may this user write into it?",
        _ => $"can't be used ({e.SqliteErrorCode}: {e.Message})",
    };
}
