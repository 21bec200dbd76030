using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Agent.Configuration;

/// <summary>
/// Reads the file of a configuration once, which may be anything that opens: a pipe, a device that never ends. A pipe that nobody
/// writes to holds it up; what must not be held up uses <see cref="LandscapeSource"/>.
/// </summary>
public static class ConfigFile
{
    /// <summary>The file's content, at most 4 MiB.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="problem">Why there is none, in words that follow the name; empty where there is.</param>
    /// <returns>Null where the file can't be read.</returns>
    public static byte[]? Read(string path, out string problem)
    {
        problem = "";
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            int read;
            while (content.Length <= TomlLimits.Default.MaxBytes && (read = file.Read(buffer)) > 0)
            {
                content.Write(buffer, 0, read);
            }

            problem = content.Length > TomlLimits.Default.MaxBytes ? ContentReader.TooLong : "";
            return problem.Length == 0 ? content.ToArray() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => ContentReader.Missing,
                UnauthorizedAccessException when Directory.Exists(path) => ContentReader.Folder,
                UnauthorizedAccessException => ContentReader.Forbidden,
                _ => $"it can't be read ({Shown(e.Message)})",
            };
            return null;
        }
    }

    /// <summary>
    /// A file's name as messages begin with it: control characters, which could end a line and forge another, become question marks.
    /// </summary>
    public static string Shown(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return string.Concat(path.Select(c => char.IsControl(c) ? '?' : c));
    }
}
