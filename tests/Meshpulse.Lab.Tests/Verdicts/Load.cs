using System.Diagnostics;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Verdicts;

/// <summary>Processes that use something up, until disposed of.</summary>
internal sealed class Load : IDisposable
{
    private readonly List<Process> _processes = [];

    private Load()
    {
    }

    /// <summary>Shells that run a line again and again.</summary>
    /// <param name="count">How many.</param>
    /// <param name="line">What each does; a colon for nothing, as fast as can be.</param>
    /// <param name="before">The command that starts each shell, as in <c>nice -n -20</c>.</param>
    public static async Task<Load> StartAsync(int count, string line, params IReadOnlyList<string> before)
    {
        var load = new Load();
        for (var i = 0; i < count; i++)
        {
            load._processes.Add(await Nursery.StartAsync([.. before, "sh", "-c", $"while :; do {line}; done"]));
        }

        return load;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }
}
