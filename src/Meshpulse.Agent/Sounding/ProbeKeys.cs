using System.Text;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Sounding;

/// <summary>
/// Reads a file of keys: one hexadecimal key on each line, <c>#</c> begins a comment, empty lines are none. The first key signs, all
/// verify. A file that the group or others can read or write is refused: it holds no secret.
/// </summary>
public static class ProbeKeys
{
    private const int MostBytes = 64 * 1024;

    private const UnixFileMode Foreign = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads the file.</summary>
    /// <exception cref="IOException">It can't be read, may be read by others, or holds something else; the message is one line that names the file.</exception>
    public static StampKeyRing Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = File.OpenHandle(path);
            // Of what was opened, not of what has the name by now.
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Foreign) != UnixFileMode.None)
            {
                throw new IOException($"{path}: the group or others can read it, so it keeps no secret; chmod 600 it");
            }

            var bytes = new byte[MostBytes + 1];
            var length = RandomAccess.Read(file, bytes, 0);
            return length > MostBytes
                ? throw new IOException($"{path}: longer than {MostBytes} bytes; no key file")
                : Parse(path, Encoding.UTF8.GetString(bytes, 0, length));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path}: may not be read", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"{path}: no such file", e);
        }
    }

    internal static StampKeyRing Parse(string path, string text)
    {
        var keys = new List<StampKey>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var hex = line.Split('#')[0].Trim();
            if (hex.Length == 0)
            {
                continue;
            }

            keys.Add(StampKey.TryParse(hex, out var key)
                ? key
                : throw new IOException($"{path}:{number}: not a key; it is 2 to {2 * StampKey.MaxLength} hexadecimal digits, two for each byte"));
        }

        return keys.Count is > 0 and <= StampKeyRing.MaxCount
            ? new StampKeyRing([.. keys])
            : throw new IOException($"{path}: {(keys.Count == 0 ? "no key in it" : $"more than {StampKeyRing.MaxCount} keys")}");
    }
}
