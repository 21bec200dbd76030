using System.Buffers;
using System.Text.Unicode;

namespace Meshpulse.Core.Config.Toml;

/// <summary>From bytes to characters: UTF-8 and nothing else (TOML 1.0, section Spec).</summary>
internal static class TomlText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The text without its byte order mark; or null, with the reason, where the bytes are not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> utf8, string file, TomlDiagnostics diagnostics)
    {
        if (utf8.StartsWith(ByteOrderMark))
            utf8 = utf8[ByteOrderMark.Length..];
        var buffer = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            var status = Utf8.ToUtf16(utf8, buffer, out var read, out var written, replaceInvalidSequences: false);
            if (status == OperationStatus.Done)
                return new string(buffer, 0, written);
            diagnostics.Refuse(PositionOf(utf8[..read], file), Problem(utf8, read));
            return null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static string Problem(ReadOnlySpan<byte> utf8, int read) =>
        utf8 is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]
            ? "the file is UTF-16; it must be saved as UTF-8"
            : $"the byte 0x{utf8[read]:X2} is not valid UTF-8 here; the file must be saved as UTF-8";

    private static TomlPosition PositionOf(ReadOnlySpan<byte> before, string file)
    {
        var column = 1;
        foreach (var octet in before[(before.LastIndexOf((byte)'\n') + 1)..])
            column += (octet & 0xC0) == 0x80 ? 0 : 1;
        return new TomlPosition(file, 1 + before.Count((byte)'\n'), column);
    }
}
