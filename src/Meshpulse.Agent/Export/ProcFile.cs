using System.Buffers.Text;

namespace Meshpulse.Agent.Export;

/// <summary>Reads small files of proc(5): they have no length, can vanish, and change between two reads, so each is read in one go.</summary>
internal static class ProcFile
{
    /// <summary>Reads as much as fits.</summary>
    /// <returns>The bytes read; empty where the file is missing or may not be read.</returns>
    public static ReadOnlySpan<byte> Read(string path, Span<byte> buffer)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            return buffer[..RandomAccess.Read(handle, buffer, 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>The whole number in one of the columns that spaces separate, the first being 0.</summary>
    public static bool TryColumn(ReadOnlySpan<byte> text, int column, out long value)
    {
        for (; ; column--)
        {
            text = text.TrimStart((byte)' ');
            var end = text.IndexOfAny((byte)' ', (byte)'\n');
            var word = end < 0 ? text : text[..end];
            if (column == 0)
            {
                return Utf8Parser.TryParse(word, out value, out var used) && used == word.Length && used > 0;
            }

            if (end < 0)
            {
                value = 0;
                return false;
            }

            text = text[end..];
        }
    }

    /// <summary>What follows <paramref name="key"/> on the line that begins with it; empty where there is none.</summary>
    public static ReadOnlySpan<byte> LineAfter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        while (text.Length > 0)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            if (line.StartsWith(key))
            {
                return line[key.Length..];
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        return default;
    }
}
