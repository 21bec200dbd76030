namespace Meshpulse.Linux.Vitals;

/// <summary>The calling thread in proc(5).</summary>
public static class OwnThread
{
    /// <summary>Its number, as that proc(5) tells it (another PID namespace than ours may be mounted): the end of the link /proc/thread-self.</summary>
    /// <param name="proc">Where proc(5) is.</param>
    /// <returns>Null where the link can't be read (before Linux 3.17, or a recorded host).</returns>
    public static int? Id(string proc)
    {
        try
        {
            var target = new FileInfo(Path.Combine(proc, "thread-self")).LinkTarget;
            return int.TryParse(Path.GetFileName(target), out var id) && id > 0 ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
