namespace Meshpulse.Lab.Processes;

/// <summary>Where files are that a test wants to be waited for.</summary>
internal static class Disk
{
    /// <summary>Skips the test where a file would be in memory, which nobody waits for and nobody can take away.</summary>
    /// <param name="file">The file's path; its folder must exist.</param>
    public static async Task RequireAsync(string file)
    {
        var (_, kind) = await Tool.RunAsync(["stat", "-f", "-c", "%T", Path.GetDirectoryName(file)!]);
        Assert.SkipWhen(kind.Trim() is "tmpfs" or "ramfs", $"{file} would be in memory: set TMPDIR to a folder on a disk");
    }
}
