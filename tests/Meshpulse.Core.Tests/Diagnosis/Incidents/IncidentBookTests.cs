using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Incidents;
using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Diagnosis.Incidents;

/// <summary>What becomes of a wide name of which only a part, or nothing, is found any more.</summary>
public sealed class IncidentBookTests
{
    private static readonly Duration s_judgement = Duration.FromMilliseconds(250);

    private static readonly HashSet<(string From, string To)> s_wide = [.. new[] { "b", "c", "d", "e" }.SelectMany(o => new[] { ("a", o), (o, "a") })];

    private static readonly HashSet<(string From, string To)> s_part = [("a", "b"), ("b", "a")];

    [Theory]
    // The rest is looked at and well: the part is what is left.
    [InlineData(true, true, "path.loss")]
    // The rest has no connection any more: of course nothing is found there.
    [InlineData(false, true, "node.uplink")]
    // The part has long ended, too, and shows in a count of some seconds only.
    [InlineData(true, false, "node.uplink")]
    public void A_part_takes_the_name_where_it_lasts_and_the_rest_is_known_to_be_well(bool isOpen, bool lasts, string expected)
    {
        var book = new IncidentBook(new DiagnosisSettings(), edge => isOpen || s_part.Contains(edge));
        var now = new MonoTime(100_000_000_000);
        for (var i = 0; i < 4; i++)
        {
            now = Judge(book, now, Uplink(now));
        }

        var ended = now;
        for (var i = 0; i < 24; i++)
        {
            now = Judge(book, now, new Suspicion(VerdictKind.PathLoss, VerdictPlace.Pair("a", "b"), ended, now, 0.95) { Edges = s_part, Latest = lasts ? now : ended });
        }

        var verdict = Assert.Single(book.Verdicts(At(now)));
        Assert.Equal(expected, VerdictKinds.IdOf(verdict.What));
        Assert.Null(verdict.Until);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void What_is_wide_is_not_over_while_most_of_it_is_out_of_sight_but_neither_for_ever(bool isOpen, bool lastsFourSeconds, bool lastsTen)
    {
        var book = new IncidentBook(new DiagnosisSettings(), edge => isOpen || s_part.Contains(edge));
        var now = new MonoTime(100_000_000_000);
        for (var i = 0; i < 4; i++)
        {
            now = Judge(book, now, Uplink(now));
        }

        Assert.Equal((lastsFourSeconds, lastsTen), (IsInForceAfter(16), IsInForceAfter(24)));

        bool IsInForceAfter(int judgements)
        {
            for (var i = 0; i < judgements; i++)
            {
                _ = book.Update([], At(now));
                now += s_judgement;
            }

            return Assert.Single(book.Verdicts(At(now))).Until is null;
        }
    }

    [Theory]
    [InlineData(VerdictKind.PathLoss, "a", "f", 1)]
    [InlineData(VerdictKind.PathLoss, "f", "a", 1)]
    [InlineData(VerdictKind.PathLoss, "b", "f", 2)]
    [InlineData(VerdictKind.PathReordering, "a", "f", 2)]
    public void Losses_on_one_more_pair_of_a_host_whose_link_loses_are_of_that_link(VerdictKind what, string from, string to, int incidents)
    {
        var book = new IncidentBook(new DiagnosisSettings(), _ => true);
        var now = new MonoTime(100_000_000_000);
        for (var i = 0; i < 4; i++)
        {
            now = Judge(book, now, Uplink(now));
        }

        for (var i = 0; i < 4; i++)
        {
            _ = book.Update([Uplink(now), new Suspicion(what, VerdictPlace.Path(from, to), now, now, 0.95) { Edges = new HashSet<(string, string)> { (from, to) } }], At(now));
            now += s_judgement;
        }

        Assert.Equal(incidents, book.Verdicts(At(now)).Count);
        Assert.Contains(book.Verdicts(At(now)), v => v.What == VerdictKind.NodeUplink);
    }

    private static Suspicion Uplink(MonoTime now) => new(VerdictKind.NodeUplink, VerdictPlace.Host("a"), now, now, 0.9) { Edges = s_wide };

    private static MonoTime Judge(IncidentBook book, MonoTime now, Suspicion suspicion)
    {
        _ = book.Update([suspicion], At(now));
        return now + s_judgement;
    }

    private static ClockPairing At(MonoTime now) => new(now, new WallTime(1_700_000_000_000_000_000 + now.Nanoseconds));
}
