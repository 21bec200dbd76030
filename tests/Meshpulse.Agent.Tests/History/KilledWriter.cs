using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Meshpulse.Agent.History;

namespace Meshpulse.Agent.Tests.History;

/// <summary>
/// A process that writes a store until it is killed: this program again, which a variable of its environment turns into that. Half second after half
/// second of made-up windows, as fast as they can be written; before each it says which it is about to write, and goes on only when it is committed.
/// </summary>
internal sealed class KilledWriter : IDisposable
{
    private const string Variable = "MESHPULSE_TEST_HISTORY_WRITER";

    private readonly Process _process;

    private KilledWriter(Process process) => _process = process;

    public static SeriesName[] Names { get; } =
    [
        .. Enumerable.Range(1, 6).Select(i => new SeriesName(SeriesKind.Path, "a", $"b{i}", "mesh")),
        .. Enumerable.Range(1, 6).Select(i => new SeriesName(SeriesKind.Heartbeat, "a", $"b{i}", "heartbeat")),
    ];

    /// <summary>The second in which the half second of a number lies; the first has number 0.</summary>
    public static long SecondOf(long half) => StoreBegin + (half / 2);

    public const long StoreBegin = 1_700_000_000;

    public static KilledWriter Start(string file)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment[Variable] = file;
        // Starts sooner.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new KilledWriter(Process.Start(start)!);
    }

    /// <summary>Waits for its first word, kills it some time later, and gives the number of the half second that it had in hand.</summary>
    public async Task<long> KillAsync(TimeSpan after)
    {
        var last = Parse(await _process.StandardOutput.ReadLineAsync());
        await Task.Delay(after);
        _process.Kill();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            last = line.EndsWith('.') ? Parse(line) : last;
        }

        await _process.WaitForExitAsync();
        return last;
    }

    public void Dispose() => _process.Dispose();

    /// <summary>What a series has in a half second: made from the number alone.</summary>
    public static HistoryRow RowOf(SeriesName name, long half)
    {
        var row = new HistoryRow(HistoryShape.Of(name.Kind));
        var random = new Random((int)((half * 31) + Array.IndexOf(Names, name)));
        row.Add(row.Shape.FigureAt("sent"), random.Next(1, 100));
        for (var i = 0; i < row.Shape.Histograms.Count; i++)
        {
            for (var values = 0; values < 5; values++)
            {
                row.Record(i).Record(random.Next(1_000, 100_000));
            }
        }

        return row;
    }

    [ModuleInitializer]
    internal static void BecomeWriter()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } file)
        {
            return;
        }

        if (!HistoryLibrary.TryLoad(out _))
        {
            Environment.Exit(1);
        }

        Write(file);
    }

    private static long Parse(string? line) => long.Parse(line?.TrimEnd('.') ?? throw new InvalidOperationException("the writer ended by itself"), CultureInfo.InvariantCulture);

    private static void Write(string file)
    {
        using var output = Console.OpenStandardOutput();
        using var writer = new HistoryWriter(file, HistoryOptions.DefaultSize, "a");
        // Where the one before was killed; its last half second may be there or not, hence from the second after it.
        var half = NextHalf(file);
        while (true)
        {
            output.Write(System.Text.Encoding.ASCII.GetBytes($"{half.ToString(CultureInfo.InvariantCulture)}.\n"));
            var until = StoreModel.At(StoreBegin + (half / 2.0) + 0.55);
            writer.Take(new HistoryBatch(until, [.. Names.Select(n => (SecondOf(half), n, RowOf(n, half)))], [], []));
            writer.Commit();
            if (half % 40 == 0)
            {
                _ = writer.Trim();
            }

            half++;
        }
    }

    private static long NextHalf(string file)
    {
        using var reader = HistoryReader.Open(file);
        return reader.Reach[0].Newest is { } newest ? ((newest.Nanoseconds / 1_000_000_000) - StoreBegin + 1) * 2 : 0;
    }
}
