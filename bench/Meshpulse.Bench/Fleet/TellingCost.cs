using System.Diagnostics;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Bench.Whole;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Bench.Fleet;

/// <summary>Where the time of <see cref="TellingBench"/> goes: the same answers written, read, taken in and judged by one thread, without a network.</summary>
/// <param name="Asked">How many of the peers are asked.</param>
/// <param name="Bytes">Of an answer.</param>
/// <param name="Writing">Time to write one, in microseconds.</param>
/// <param name="Reading">Time to read one.</param>
/// <param name="Taking">Time to take one in.</param>
/// <param name="Judging">Time of one judgement.</param>
/// <param name="Allocated">Bytes allocated for reading one.</param>
internal sealed record TellingCost(int Asked, double Bytes, double Writing, double Reading, double Taking, double Judging, double Allocated)
{
    private const int WarmUp = 24;
    private const int Measured = 24;
    private static readonly Duration s_slice = Duration.FromMilliseconds(250);

    /// <summary>Measures a mesh of which so many tell.</summary>
    public static TellingCost Of(int peers)
    {
        var names = Enumerable.Range(0, peers + 1).Select(i => $"{PeerAddress.Of(i)}:{Ports.Peers}").ToArray();
        var (mesh, rules) = (new HealthyMesh(names), new Diagnostician(names[0]));
        var asked = FleetReader.MostAsked(new FleetReaderOptions { Port = Ports.Metrics }, peers);
        // The first is the one that judges.
        string[] telling = [.. names.Take(Math.Min(asked, peers) + 1)];
        var now = new MonoTime(1_000_000_000_000);
        var sum = new TellingCost(asked, 0, 0, 0, 0, 0, 0);
        for (var number = 1; number <= WarmUp + Measured; number++)
        {
            var turn = Turn(mesh, rules, telling, number, now);
            sum = number <= WarmUp ? sum : sum.Plus(turn);
            now += s_slice;
        }

        var answers = Measured * telling.Length;
        return new TellingCost(
            telling.Length - 1, sum.Bytes / answers, sum.Writing / answers, sum.Reading / answers, sum.Taking / answers, sum.Judging / Measured, sum.Allocated / answers);
    }

    private TellingCost Plus(TellingCost other) => new(
        Asked, Bytes + other.Bytes, Writing + other.Writing, Reading + other.Reading, Taking + other.Taking, Judging + other.Judging, Allocated + other.Allocated);

    private static TellingCost Turn(HealthyMesh mesh, Diagnostician rules, string[] names, int number, MonoTime from)
    {
        var at = new ClockPairing(from + s_slice, new WallTime(1_700_000_000_000_000_000 + from.Nanoseconds));
        var slices = names.Select(n => mesh.Cut(n, 7, number, from, at)).ToArray();
        var bodies = new byte[names.Length][];
        var writing = Took(() =>
        {
            for (var i = 0; i < slices.Length; i++)
            {
                bodies[i] = FleetJson.Write(new SliceBatch(SliceBatch.CurrentVersion, names[i], 7, [slices[i]]));
            }
        });
        var read = new List<NodeSlice>();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var reading = Took(() =>
        {
            foreach (var body in bodies)
            {
                read.AddRange(FleetJson.TryRead(body, out SliceBatch? batch, out var problem) ? batch.Slices : throw new InvalidOperationException(problem));
            }
        });
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var taking = Took(() => read.ForEach(s => rules.Take(s, at.Mono)));
        var judging = Took(() => rules.Judge(at));
        return new TellingCost(0, bodies.Sum(b => b.Length), writing, reading, taking, judging, allocated);
    }

    private static double Took(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    }
}
