namespace Meshpulse.Core.Config.Toml;

/// <summary>A place in a file, for messages.</summary>
/// <param name="File">The file's name as the caller gave it.</param>
/// <param name="Line">The line, from 1; lines end with LF or CR LF.</param>
/// <param name="Column">The column, from 1, in Unicode code points; a byte order mark counts for nothing.</param>
public readonly record struct TomlPosition(string File, int Line, int Column) : IComparable<TomlPosition>
{
    /// <summary>Orders places within one file, from its top to its end.</summary>
    public int CompareTo(TomlPosition other) =>
        Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);

    /// <summary>True where <paramref name="a"/> stands before <paramref name="b"/>.</summary>
    public static bool operator <(TomlPosition a, TomlPosition b) => a.CompareTo(b) < 0;

    /// <summary>True where <paramref name="a"/> stands behind <paramref name="b"/>.</summary>
    public static bool operator >(TomlPosition a, TomlPosition b) => a.CompareTo(b) > 0;

    /// <summary>True where <paramref name="a"/> does not stand behind <paramref name="b"/>.</summary>
    public static bool operator <=(TomlPosition a, TomlPosition b) => a.CompareTo(b) <= 0;

    /// <summary>True where <paramref name="a"/> does not stand before <paramref name="b"/>.</summary>
    public static bool operator >=(TomlPosition a, TomlPosition b) => a.CompareTo(b) >= 0;

    /// <summary><c>FILE:LINE:COLUMN</c>, the form that editors and terminals make a link of.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
