using Meshpulse.Core.Time;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Sounding;

/// <summary>
/// Losses are told in the direction in which they were, exact to the packet. What follows a session's last reply nobody can know, so the last
/// packets of every run pass.
/// </summary>
public sealed class LossTests
{
    private const int Count = 2_500;
    private const int LastPass = 100;
    private const ulong Seed = 4_006;

    // One in a thousand is 2 packets here, and chance may spare them all.
    public static TheoryData<string> Rates => ["0.1 %", "1 %", "10 %", "1 % at random", "10 % at random"];

    [Theory]
    [MemberData(nameof(Rates))]
    public async Task Forward_loss_is_forward_loss(string rate)
    {
        await using var path = await ProbePath.CreateAsync();
        path.There.Set(Losing(rate));
        var summary = await path.ProbeAsync(Count, 1);
        AssertLosses(path, summary);
        Assert.Equal(0, path.Back.Count(ProbePath.Port).Dropped);
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public async Task Backward_loss_is_backward_loss(string rate)
    {
        await using var path = await ProbePath.CreateAsync();
        path.Back.Set(Losing(rate));
        var summary = await path.ProbeAsync(Count, 1);
        AssertLosses(path, summary);
        Assert.Equal(0, path.There.Count(ProbePath.Port).Dropped);
    }

    [Theory]
    [InlineData(0.1, 0.1)]
    [InlineData(0.01, 0.1)]
    [InlineData(0.2, 0.02)]
    public async Task Losses_in_both_directions_are_told_apart(double there, double back)
    {
        await using var path = await ProbePath.CreateAsync();
        path.There.Set(Fault.OfPort(ProbePath.Port) with { Drop = Pick.Chance(there, Seed).Between(0, Count - LastPass) });
        // Numbered are those that came through: fewer than were sent.
        var last = (long)(Count * (1 - there)) - (2 * LastPass);
        path.Back.Set(Fault.OfPort(ProbePath.Port) with { Drop = Pick.Chance(back, Seed + 1).Between(0, last) });
        AssertLosses(path, await path.ProbeAsync(Count, 1));
    }

    [Fact]
    public async Task Loss_among_reordered_and_doubled_packets_is_still_exact()
    {
        await using var path = await ProbePath.CreateAsync();
        path.There.Set(Fault.OfPort(ProbePath.Port) with
        {
            Drop = Pick.Chance(0.05, Seed).Between(0, Count - LastPass),
            Hold = Pick.Chance(0.05, Seed + 1).Between(0, Count - (2 * LastPass)),
            HoldFor = Duration.FromMilliseconds(7),
        });
        path.Back.Set(Fault.OfPort(ProbePath.Port) with { Duplicate = Pick.Chance(0.05, Seed + 2).Between(0, Count - (3 * LastPass)) });
        var summary = await path.ProbeAsync(Count, 1);
        AssertLosses(path, summary);
        Assert.Equal(path.Back.Count(ProbePath.Port).Duplicated, summary["duplicates"]);
        Assert.Equal(path.There.Count(ProbePath.Port).Reordered, summary["reordered"]);
    }

    [Fact]
    public async Task An_outage_is_all_lost_in_its_direction()
    {
        await using var path = await ProbePath.CreateAsync();
        path.There.Set(Fault.OfPort(ProbePath.Port) with { Drop = Pick.All.Between(300, 700) });
        var summary = await path.ProbeAsync(1_000, 1);
        Assert.Equal((400, 0, 0), summary.Total.Losses);
        AssertLosses(path, summary);
    }

    [Fact]
    public async Task The_same_by_IPv6()
    {
        await using var path = await ProbePath.CreateAsync();
        path.There.Set(Losing("1 %"));
        AssertLosses(path, await path.ProbeAsync(Count, 1, v6: true));
    }

    [Fact]
    public async Task What_follows_the_last_reply_nobody_knows()
    {
        await using var path = await ProbePath.CreateAsync();
        path.There.Set(Fault.OfPort(ProbePath.Port) with { Drop = Pick.Numbers(100).Or(Pick.All.Between(450, 500)) });
        Assert.Equal((1, 0, 50), (await path.ProbeAsync(500, 2)).Total.Losses);
    }

    private static Fault Losing(string rate)
    {
        var pick = rate switch
        {
            "0.1 %" => Pick.Every(1_000),
            "1 %" => Pick.Every(100),
            "10 %" => Pick.Every(10),
            "1 % at random" => Pick.Chance(0.01, Seed),
            _ => Pick.Chance(0.1, Seed),
        };
        return Fault.OfPort(ProbePath.Port) with { Drop = pick.Between(0, Count - LastPass) };
    }

    private static void AssertLosses(ProbePath path, ProbeSummary summary)
    {
        var (there, back) = (path.There.Count(ProbePath.Port), path.Back.Count(ProbePath.Port));
        Assert.True(there.Dropped + back.Dropped > 0, "nothing was lost: the test tests nothing");
        Assert.True(summary.Total.Losses == (there.Dropped, back.Dropped, 0), path.Explain(summary));
    }
}
