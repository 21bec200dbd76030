using System.Globalization;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Verdicts;

/// <summary>
/// What the nodes of a mesh say, line by line: every beginning, change, recurrence and end, also of nodes that have ended meanwhile. Asking each for what
/// it says now would miss what was said for a moment only, and cost the processors that the nodes need.
/// </summary>
internal sealed class Said
{
    /// <summary>
    /// What is true of any host at any time where four of them, a switch and the tests share two processors with whatever else runs there.
    /// </summary>
    private static readonly HashSet<string> s_noise = ["host.cpu_contention", "host.cpu_steal", "host.stalled", "host.io_pressure", "host.pinning"];

    private readonly List<(string Observer, OutputLog Output, int Lines)> _sources = [];
    private long _since = TimeProvider.System.GetTimestamp();

    /// <summary>What was said since the last <see cref="Forget"/>.</summary>
    private IReadOnlyList<Saying> Sayings => [.. _sources.SelectMany(source => Read(source.Observer, source.Output.Lines.Skip(source.Lines)))];

    /// <summary>What was said last before that, of each place: what has not ended is said still.</summary>
    private IReadOnlyList<Saying> Before => [.. _sources.SelectMany(source =>
        Read(source.Observer, source.Output.Lines.Take(source.Lines)).GroupBy(s => s.Where, (_, of) => of.Last()))];

    /// <summary>Listens to a node; to one that was started anew as well.</summary>
    public void Listen(string observer, OutputLog output) => _sources.Add((observer, output, 0));

    /// <summary>From now on only what is said from now on counts, and times are from now.</summary>
    public void Forget()
    {
        _since = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < _sources.Count; i++)
        {
            _sources[i] = _sources[i] with { Lines = _sources[i].Output.Lines.Count };
        }
    }

    /// <summary>
    /// Waits until each of these nodes has said one of the claims, or says it still, and writes into the test's output after how many seconds, from the last <see cref="Forget"/>, each
    /// was seen to.
    /// </summary>
    public async Task UntilAsync(IEnumerable<string> observers, params IReadOnlyList<Claim> claims)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        var waiting = observers.ToHashSet(StringComparer.Ordinal);
        var before = Before;
        await Until.HoldsAsync(
            () =>
            {
                foreach (var saying in before.Concat(Sayings).Where(s => s.IsBlame && waiting.Contains(s.Observer) && claims.Any(c => c.Fits(s))))
                {
                    waiting.Remove(saying.Observer);
                    named[saying.Observer] = TimeProvider.System.GetElapsedTime(_since).TotalSeconds;
                }

                return waiting.Count == 0;
            },
            () => $"{string.Join(", ", waiting)}: no {string.Join(" or ", claims)} in\n{this}");
        var seconds = named.OrderBy(n => n.Value).Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Value:0.00}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(" or ", claims)}: said by {named.Count} after {string.Join(", ", seconds)} s");
    }

    /// <summary>Fails where anybody said anything but these, and what is true of any host of a busy machine.</summary>
    public void AssertNothingBut(params IReadOnlyList<Claim> claims)
    {
        var wrong = Sayings.Where(s => s.IsBlame && !s_noise.Contains(s.What) && !claims.Any(c => c.Fits(s))).ToList();
        Assert.True(wrong.Count == 0, $"blamed beside {string.Join(", ", claims)}:\n{string.Join('\n', wrong)}\n-- of all that was said:\n{this}");
    }

    /// <summary>Fails where one of these nodes said one of the claims.</summary>
    public void AssertNobody(IReadOnlyCollection<string> observers, params IReadOnlyList<Claim> claims)
    {
        var wrong = Sayings.Where(s => s.IsBlame && observers.Contains(s.Observer) && claims.Any(c => c.Fits(s))).ToList();
        Assert.True(wrong.Count == 0, $"said by whom it should not be:\n{string.Join('\n', wrong)}\n-- of all that was said:\n{this}");
    }

    /// <summary>Fails where anybody said that it is over, or that it is back.</summary>
    public void AssertNeverEnded(Claim claim) =>
        Assert.False(Sayings.Any(s => s.Event is "ended" or "again" && claim.Fits(s)), $"{claim} is said to have ended:\n{this}");

    /// <summary>Whether a verdict is one that any host of a busy machine may get at any time.</summary>
    public static bool IsNoise(string what) => s_noise.Contains(what);

    private static IEnumerable<Saying> Read(string observer, IEnumerable<string> lines) => lines.Select(line => Saying.Read(observer, line)).OfType<Saying>();

    /// <inheritdoc />
    public override string ToString() => string.Join('\n', Sayings.Select(s => "  " + s));
}
