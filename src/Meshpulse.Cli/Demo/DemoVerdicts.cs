using System.Diagnostics;

namespace Meshpulse.Cli.Demo;

/// <summary>What the nodes say is wrong, from the lines that they print: who named a fault, and how long after it.</summary>
internal sealed class DemoVerdicts
{
    private const string Word = "VERDICT ";
    private const int MostKept = 1_000;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);
    private static readonly string[] s_changes = ["changed: ", "again: "];

    private readonly Lock _gate = new();
    private readonly List<(string Observer, long At, string Told)> _said = [];

    /// <summary>Takes a line of a node; those without a verdict that begins, changes or comes again are passed over.</summary>
    public void Take(string observer, string line)
    {
        var start = line.IndexOf(Word, StringComparison.Ordinal);
        if (start < 0)
        {
            return;
        }

        var told = line[(start + Word.Length)..];
        told = s_changes.FirstOrDefault(c => told.StartsWith(c, StringComparison.Ordinal)) is { } change ? told[change.Length..] : told;
        lock (_gate)
        {
            if (_said.Count < MostKept)
            {
                _said.Add((observer, Stopwatch.GetTimestamp(), told));
            }
        }
    }

    /// <summary>Forgets what was said: a fault is about to be made.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _said.Clear();
        }
    }

    /// <summary>Waits until all observers have named a host's fault, or for as long as patience lasts.</summary>
    /// <param name="kind">The name of the verdict, such as <c>host.frozen</c>.</param>
    /// <param name="host">Whose fault it is.</param>
    /// <param name="observers">Of whom it is expected.</param>
    /// <param name="fault">When it was made, by the stopwatch's ticks.</param>
    /// <param name="patience">The most to wait from now.</param>
    /// <param name="stop">Ends the waiting with an exception.</param>
    /// <returns>The first time that each observer did, the fastest first.</returns>
    public async Task<IReadOnlyList<DemoNaming>> UntilNamedAsync(
        string kind, string host, IReadOnlyList<string> observers, long fault, TimeSpan patience, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var found = Named($"{kind} {host} ", observers, fault);
            if (found.Count == observers.Count || Stopwatch.GetElapsedTime(began) > patience)
            {
                return found;
            }

            await Task.Delay(s_look, stop);
        }
    }

    private List<DemoNaming> Named(string start, IReadOnlyList<string> observers, long fault)
    {
        lock (_gate)
        {
            return [.. observers
                .Select(o => _said.FirstOrDefault(s => s.Observer == o && s.Told.StartsWith(start, StringComparison.Ordinal)))
                .Where(s => s.Told is not null)
                .OrderBy(s => s.At)
                .Select(s => new DemoNaming(s.Observer, Stopwatch.GetElapsedTime(fault, s.At), s.Told))];
        }
    }
}
