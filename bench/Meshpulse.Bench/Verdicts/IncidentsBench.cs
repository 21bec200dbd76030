using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Verdicts;

/// <summary>
/// Thousands of simulated incidents, among them two at once and a sick observer, at the lowest priority, and how the agents named them. They are played some hundred at
/// a time, and each such chunk is kept in a file: a run that was broken off goes on where it was, as long as the sources and the first seed are the same.
/// </summary>
internal sealed class IncidentsBench(BenchOptions options)
{
    // Three of each of the 35 kinds.
    private const int Chunk = 105;

    private static readonly string[] s_sources = ["src/Meshpulse.Core", "src/Meshpulse.Wire", "sim/Meshpulse.Sim"];

    private readonly string _folder = options.Scratch($"incidents-{Fingerprint(options)}-{options.Seed}");

    /// <summary>Plays what is left to play, and prints the table of all.</summary>
    /// <exception cref="InvalidOperationException">The simulator failed, or its sources changed meanwhile.</exception>
    public async Task RunAsync(BenchResults results)
    {
        Directory.CreateDirectory(_folder);
        var chunks = (options.Incidents + Chunk - 1) / Chunk;
        var began = Stopwatch.StartNew();
        var scores = new List<PlayedIncident>();
        var (played, timed) = (0, 0);
        for (var i = 0; i < chunks && !IsOver(began); i++)
        {
            var count = Math.Min(Chunk, options.Incidents - (i * Chunk));
            var file = Path.Combine(_folder, FormattableString.Invariant($"{i:00000}-{count}.json"));
            timed += File.Exists(file) ? 0 : count;
            if (!File.Exists(file))
            {
                await PlayAsync(file, i * Chunk, count);
            }

            scores.AddRange(PlayedIncident.ReadAll(await File.ReadAllTextAsync(file)));
            played += count;
            Progress.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"incidents: {played} of {options.Incidents}, {scores.Count(s => s.IsPerfect)} of {scores.Count} scores perfect{(timed > 0 ? $", {began.Elapsed.TotalSeconds / timed:0.00} s each" : "")}"));
        }

        Print(scores, played);
        foreach (var row in Rows(scores))
        {
            results.Add(row);
        }
    }

    private bool IsOver(Stopwatch began) => options.For is { } limit && began.Elapsed > limit;

    private async Task PlayAsync(string file, int offset, int count)
    {
        if (!_folder.Contains(Fingerprint(options), StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The simulator's sources changed meanwhile; its scores don't belong to those before. Start again.");
        }

        // Compiled once and well: code that is to be made better later keeps waiting where one thread has the processor to itself, and a world takes half as long again.
        using var sim = Child.Unbound(
            "nice", "-n", "19", "env", "DOTNET_TieredCompilation=0", "DOTNET_gcConcurrent=0", "DOTNET_GCgen0size=0x8000000", options.Agent, "sim", "--json", "--nodes", "8", "--two-at-once", "20", "--sick-observer", "10",
            "--seed", Text(options.Seed + offset), "--incidents", Text(count));
        var output = await sim.FinishAsync();
        if (PlayedIncident.WorldsOf(output) != count)
        {
            // A simulator that is told to end prints what it has.
            throw new InvalidOperationException("The simulator ended before all was played; what was played before is kept.");
        }

        // Whole or not at all, whenever it is broken off.
        await File.WriteAllTextAsync(file + ".part", output);
        File.Move(file + ".part", file);
    }

    private void Print(List<PlayedIncident> scores, int played)
    {
        var table = new Table(
            string.Create(CultureInfo.InvariantCulture, $"{played} worlds from seed {options.Seed}, {scores.Count} incidents, {scores.Count(s => s.IsPerfect)} perfect"),
            "kind", "drawn", "found", "named", "false", "perfect", "half within, s", "99 % within, s");
        foreach (var row in Rows(scores))
        {
            table.Row(row.Kind, Text(row.Drawn), Text(row.Found), Text(row.Named), Text(row.False), Text(row.Perfect), Seconds(row.Half), Seconds(row.Most));
        }

        table.Print();
    }

    private static IEnumerable<IncidentRow> Rows(List<PlayedIncident> scores) =>
    [
        .. scores.GroupBy(s => s.Kind).Select(g => IncidentRow.Of(g.Key, [.. g])),
        .. scores.GroupBy(s => s.Company).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => IncidentRow.Of($"company: {g.Key}", [.. g])),
        IncidentRow.Of("all", scores),
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double? seconds) => seconds?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Of the code whose scores they are: of its sources, as what is built of them carries the commit, which documents change too.</summary>
    private static string Fingerprint(BenchOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = s_sources.SelectMany(s => Directory.EnumerateFiles(Path.Combine(options.Root, s), "*.cs", SearchOption.AllDirectories));
        foreach (var file in files.Select(f => Path.GetRelativePath(options.Root, f)).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + '\0'));
            hash.AppendData(File.ReadAllBytes(Path.Combine(options.Root, file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
