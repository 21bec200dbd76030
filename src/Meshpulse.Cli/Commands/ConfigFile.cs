using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Cli.Commands;

/// <summary>Reads the file of a configuration, which may be anything that opens: a pipe, a device that never ends.</summary>
internal static class ConfigFile
{
    /// <summary>The file's content.</summary>
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

            problem = content.Length > TomlLimits.Default.MaxBytes ? $"it is longer than {TomlLimits.Default.MaxBytes} bytes" : "";
            return problem.Length == 0 ? content.ToArray() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException when Directory.Exists(path) => "this is a folder; give a file",
                UnauthorizedAccessException => "no permission to read it",
                _ => $"it can't be read ({UsageException.Echo(e.Message)})",
            };
            return null;
        }
    }
}
