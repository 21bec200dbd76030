using Meshpulse.Core.Probing.Paths;

namespace Meshpulse.Core.Tests.Probing.Paths;

public class MtuSearchTests
{
    [Fact]
    public void Every_size_is_found_within_thirty_answers_or_refusals()
    {
        for (var link = 100; link <= 9216; link += 7)
        {
            var search = new MtuSearch(100, 9216);
            var tries = 0;
            for (; !search.IsSettled; tries++)
            {
                Assert.InRange(search.Next, 100, 9216);
                Answer(search, link, isCertain: true);
            }

            Assert.True(tries <= 30, $"{link}: {tries}");
            Assert.Equal(link, search.Figures.Passing);
            Assert.Equal(link == 9216 ? null : link + 1, search.Figures.Failing);
            Assert.Equal(link, search.Next);
        }
    }

    [Fact]
    public void One_or_two_misses_prove_nothing()
    {
        var search = new MtuSearch(100, 1500);
        search.OnMissed(1500, isCertain: false);
        search.OnMissed(1500, isCertain: false);
        search.OnPassed(1500);
        Assert.True(search.IsSettled);
        Assert.Equal(1500, search.Figures.Passing);
    }

    [Fact]
    public void A_path_that_changes_is_searched_again()
    {
        var search = new MtuSearch(100, 1500);
        Settle(search, 1500);
        Settle(search, 1400);
        Assert.Equal((1400, 1401), (search.Figures.Passing, search.Figures.Failing));
    }

    [Fact]
    public void Where_not_even_the_smallest_passes_nothing_is_known()
    {
        var search = new MtuSearch(100, 1500);
        for (var i = 0; i < 100; i++)
        {
            search.OnMissed(search.Next, isCertain: true);
        }

        Assert.Equal((null, null), (search.Figures.Passing, search.Figures.Failing));
        Assert.Equal(100, search.Next);
    }

    private static void Settle(MtuSearch search, int link)
    {
        for (var i = 0; i < 100; i++)
        {
            Answer(search, link, isCertain: false);
        }

        Assert.True(search.IsSettled);
    }

    private static void Answer(MtuSearch search, int link, bool isCertain)
    {
        var size = search.Next;
        if (size <= link)
        {
            search.OnPassed(size);
        }
        else
        {
            search.OnMissed(size, isCertain);
        }
    }
}
