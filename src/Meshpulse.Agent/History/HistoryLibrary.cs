using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Meshpulse.Agent.History;

/// <summary>
/// The distribution's SQLite. The library that packages bring along is old and nobody mends its holes; the system's is kept by whoever keeps the
/// system. It may be missing: then there is no history, and that is said.
/// </summary>
internal static class HistoryLibrary
{
    private const string Wanted = "e_sqlite3";
    private static readonly string[] s_names = ["libsqlite3.so.0", "libsqlite3.so", "sqlite3"];
    private static readonly Lock s_lock = new();
    private static bool s_isResolved;
    private static bool? s_isThere;

    /// <summary>Makes SQLite ready for use.</summary>
    /// <param name="problem">What is missing, and how to get it.</param>
    public static bool TryLoad([NotNullWhen(false)] out string? problem)
    {
        lock (s_lock)
        {
            s_isThere ??= Load();
            problem = s_isThere.Value ? null : "the SQLite library (libsqlite3.so.0) is not installed (Debian and Ubuntu: apt-get install libsqlite3-0)";
            return s_isThere.Value;
        }
    }

    private static bool Load()
    {
        try
        {
            if (!s_isResolved)
            {
                NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == Wanted ? Find() : nint.Zero);
                s_isResolved = true;
            }

            if (Find() == nint.Zero)
            {
                return false;
            }

            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }

    private static nint Find()
    {
        foreach (var name in s_names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                return handle;
            }
        }

        return nint.Zero;
    }
}
