using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Analysis;

public sealed class FinishedAnalysesTests
{
    [Fact]
    public void A_server_goes_by_name_or_address_and_the_last_begun_comes_first()
    {
        var book = new FinishedAnalyses();
        book.Add(Run("b", 1));
        book.Add(Run("b", 3));
        book.Add(Run("c", 4));
        book.Add(Run("b", 2));
        Assert.Equal([3L, 2, 1], Began(book, "b"));
        Assert.Equal([3L, 2, 1], Began(book, "10.0.0.b"));
        Assert.Equal([4L], Began(book, "c"));
        Assert.Empty(book.Of("d"));
    }

    [Fact]
    public void Of_a_pair_the_last_sixteen_stay_and_others_lose_none()
    {
        var book = new FinishedAnalyses();
        book.Add(Run("quiet", 0));
        for (var i = 1; i <= 40; i++)
        {
            book.Add(Run("b", i));
        }

        Assert.Equal(Enumerable.Range(25, 16).Reverse().Select(i => (long)i), Began(book, "b"));
        Assert.Equal([0L], Began(book, "quiet"));
    }

    [Fact]
    public void Of_all_the_oldest_go()
    {
        var book = new FinishedAnalyses();
        var names = Enumerable.Range(0, FinishedAnalyses.Most + 3).Select(i => $"s{i}").ToList();
        for (var i = 0; i < names.Count; i++)
        {
            book.Add(Run(names[i], i));
        }

        Assert.Equal(names.Skip(3), names.Where(n => book.Of(n).Count > 0));
    }

    [Fact]
    public void All_texts_together_have_a_bound()
    {
        var book = new FinishedAnalyses();
        var text = new string('x', PrintedText.MaxLength);
        var names = Enumerable.Range(0, 400).Select(i => $"s{i}").ToList();
        foreach (var name in names)
        {
            book.Add(Run(name, 1, text));
            book.Add(Run(name, 2));
        }

        var kept = names.SelectMany(book.Of).ToList();
        Assert.Equal(FinishedAnalyses.MostText / text.Length, kept.Count(r => r.Text == text) + 1);
        Assert.InRange(kept.Sum(r => r.Text.Length), 1, FinishedAnalyses.MostText);
        Assert.Equal(2, book.Of(names[^1]).Count);

        // What went makes room again: short ones push nothing more out.
        book.Add(Run("last", 3));
        Assert.Equal(kept.Count + 1, names.Append("last").Sum(n => book.Of(n).Count));
    }

    [Fact]
    public async Task It_may_be_filled_and_read_from_any_thread()
    {
        var book = new FinishedAnalyses();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                book.Add(Run($"s{(t + i) % 20}", i));
                Assert.InRange(book.Of($"s{i % 20}").Count, 0, FinishedAnalyses.MostOfPair);
            }
        })));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(FinishedAnalyses.MostOfPair, book.Of($"s{i}").Count));
    }

    private static IEnumerable<long> Began(FinishedAnalyses book, string name) => book.Of(name).Select(r => r.Began.Nanoseconds);

    private static FinishedAnalysis Run(string to, long at, string text = "text") => new(
        "path", new ServerFacts("a", "10.0.0.a"), new ServerFacts(to, $"10.0.0.{to}"), "cause", new WallTime(at), Duration.FromSeconds(1), 0, "exit code 0", null, text);
}
