using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Core.Tests.Diagnosis.Live;

public sealed class CellCodesTests
{
    [Fact]
    public void Every_code_is_that_of_its_own_figure()
    {
        for (var code = 0; code <= CellCodes.Most; code++)
        {
            Assert.Equal(code, CellCodes.OfLoss(CellCodes.Loss((byte)code)));
            Assert.Equal(code, CellCodes.OfDelay(CellCodes.Delay((byte)code)));
            Assert.Equal(code, CellCodes.OfRatio(CellCodes.Ratio((byte)code)));
        }
    }

    [Fact]
    public void The_formulas_are_those_that_readers_know()
    {
        Assert.Equal(1e-5, CellCodes.Loss(1)!.Value, 12);
        Assert.Equal(Math.Pow(10, -5 + (99 * 5 / 249d)), CellCodes.Loss(100)!.Value, 12);
        Assert.Equal(1, CellCodes.Loss(250)!.Value, 12);
        Assert.Equal(1_000, CellCodes.Delay(94)!.Value, 25.0);
        Assert.Equal(Math.Pow(10, 94 / 31.25), CellCodes.Delay(94)!.Value, 9);
        Assert.Equal(1, CellCodes.Ratio(125)!.Value, 12);
        Assert.Equal(100, CellCodes.Ratio(250)!.Value, 9);
    }

    [Fact]
    public void A_figure_is_told_to_within_a_step_whatever_it_is()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var loss = Math.Pow(10, -5 * random.NextDouble());
            Near(loss, CellCodes.Loss(CellCodes.OfLoss(loss)), 1.025, $"loss {loss:R}, seed 7, {i}");
            var delay = Math.Pow(10, 8 * random.NextDouble());
            Near(delay, CellCodes.Delay(CellCodes.OfDelay(delay)), 1.04, $"delay {delay:R}, seed 7, {i}");
            var ratio = Math.Pow(10, (4 * random.NextDouble()) - 2);
            Near(ratio, CellCodes.Ratio(CellCodes.OfRatio(ratio)), 1.02, $"ratio {ratio:R}, seed 7, {i}");
        }
    }

    [Fact]
    public void More_never_has_a_lower_code()
    {
        var before = (Loss: 0, Delay: 0, Ratio: 0);
        for (var i = -600; i <= 1_000; i++)
        {
            var figure = Math.Pow(10, i / 100d);
            var now = (Loss: (int)CellCodes.OfLoss(figure), Delay: (int)CellCodes.OfDelay(figure), Ratio: (int)CellCodes.OfRatio(figure));
            Assert.True(now.Loss >= before.Loss && now.Delay >= before.Delay && now.Ratio >= before.Ratio, $"{figure}");
            Assert.True(now.Loss <= CellCodes.Most && now.Delay <= CellCodes.Most && now.Ratio <= CellCodes.Most, $"{figure}");
            before = now;
        }
    }

    [Fact]
    public void What_is_not_known_is_no_figure()
    {
        Assert.Equal(CellCodes.NoData, CellCodes.OfLoss(null));
        Assert.Equal(CellCodes.NoData, CellCodes.OfDelay(null));
        Assert.Equal(CellCodes.NoData, CellCodes.OfRatio(null));
        Assert.Equal(CellCodes.NoData, CellCodes.OfRatio(0));
        Assert.Equal(CellCodes.NoData, CellCodes.OfLoss(double.NaN));
        Assert.Equal(CellCodes.NoData, CellCodes.OfDelay(double.NaN));
        foreach (var code in new byte[] { 251, 254, CellCodes.NoData })
        {
            Assert.Null(CellCodes.Loss(code));
            Assert.Null(CellCodes.Delay(code));
            Assert.Null(CellCodes.Ratio(code));
        }

        Assert.Equal(0, CellCodes.OfLoss(0));
        Assert.Equal(1, CellCodes.OfLoss(1e-9));
        Assert.Equal(0, CellCodes.OfDelay(0));
        Assert.Equal(CellCodes.Most, CellCodes.OfDelay(double.PositiveInfinity));
    }

    private static void Near(double expected, double? actual, double factor, string message) =>
        Assert.True(actual is { } told && told <= expected * factor && told >= expected / factor, $"{message}: {actual}");
}
