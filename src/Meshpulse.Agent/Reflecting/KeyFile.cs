using System.Buffers;
using System.Security.Cryptography;
using Meshpulse.Linux.Files;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Reflecting;

/// <summary>
/// A file of shared keys: one on each line, in hexadecimal; what follows a <c>#</c> is for people. The first one signs, all verify
/// (<see cref="StampKeyRing"/>).
/// <para>
/// A file that others than its owner may read or change is refused: it would be no secret, and nobody would notice. What is looked at is the very
/// file that was read, and only a regular one is read (<see cref="SmallFile"/>). Messages never repeat what a line says, as that
/// is a key with a slip in it.
/// </para>
/// </summary>
public static class KeyFile
{
    /// <summary>The longest file in bytes; 16 keys of 64 bytes with comments are a twentieth of it.</summary>
    public const int MaxLength = 64 * 1024;

    private const int OthersMask = 0x3F; // 077
    private const byte Comment = (byte)'#';

    private static ReadOnlySpan<byte> Blanks => " \t\r"u8;

    /// <summary>Reads the keys.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KeyFileException">It can't be read, others may read it, or a line is no key.</exception>
    public static StampKeyRing Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Pinned, so that the collector leaves no copies of the keys behind.
        var content = GC.AllocateUninitializedArray<byte>(MaxLength, pinned: true);
        try
        {
            var found = SmallFile.Read(path, content);
            if (Obstacle(path, found) is { } obstacle)
            {
                throw new KeyFileException($"{path}: {obstacle}");
            }

            return Parse(path, content.AsSpan(0, found.Length!.Value));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static string? Obstacle(string path, SmallFileState found)
    {
        if (!found.Exists)
        {
            return "no such file";
        }

        if (found.Length is null)
        {
            return $"can't be read: it must be a regular file of at most {MaxLength} bytes that this user may read";
        }

        return (found.Mode & OthersMask) == 0
            ? null
            : $"its mode is {Convert.ToString(found.Mode, 8).PadLeft(4, '0')}: others than its owner can get at the keys; chmod 600 {path}";
    }

    private static StampKeyRing Parse(string path, ReadOnlySpan<byte> content)
    {
        var keys = new List<StampKey>();
        var number = 0;
        foreach (var range in content.Split((byte)'\n'))
        {
            number++;
            var line = content[range];
            var end = line.IndexOf(Comment);
            var text = (end < 0 ? line : line[..end]).Trim(Blanks);
            if (text.IsEmpty)
            {
                continue;
            }

            if (!TryParse(text, out var key))
            {
                throw new KeyFileException($"{path}:{number}: not a key; it is 2 to {2 * StampKey.MaxLength} hexadecimal digits, an even number of them");
            }

            if (keys.Count == StampKeyRing.MaxCount)
            {
                throw new KeyFileException($"{path}:{number}: more than {StampKeyRing.MaxCount} keys");
            }

            keys.Add(key);
        }

        return keys.Count > 0
            ? new StampKeyRing([.. keys])
            : throw new KeyFileException($"{path}: there is no key in it; one stands on each line, in hexadecimal");
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out StampKey key)
    {
        key = default;
        Span<char> digits = stackalloc char[2 * StampKey.MaxLength];
        return text.Length <= digits.Length
            && System.Text.Ascii.ToUtf16(text, digits, out var written) == OperationStatus.Done
            && StampKey.TryParse(digits[..written], out key);
    }
}
