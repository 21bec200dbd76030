namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>
/// Figures of a matrix as one byte each. Two people who look at a matrix compare orders of magnitude, so the scales are logarithmic; a thousand nodes are
/// a million cells, so there is one byte and no more. 255 is "no data" in all of them, and no figure has it. docs/api.md has the formulas for readers.
/// </summary>
public static class CellCodes
{
    /// <summary>Nothing is known.</summary>
    public const byte NoData = 255;

    /// <summary>The highest code that is a figure.</summary>
    public const byte Most = 250;

    private const double LossDecades = 5;
    private const double DelayStepsOfDecade = 31.25;
    private const double RatioStepsOfDecade = 62.5;
    private const byte SameRatio = 125;

    /// <summary>A share of packets that were lost: 0 none, 1 to 250 from 0.00001 to 1, in steps of 4.7 %.</summary>
    /// <param name="ratio">0 to 1; what is beyond is taken for its end. Null or no number: nothing is known.</param>
    public static byte OfLoss(double? ratio) => ratio switch
    {
        null or double.NaN => NoData,
        <= 0 => 0,
        var known => Bounded(1 + ((Math.Log10(Math.Min(1, known.Value)) + LossDecades) * (Most - 1) / LossDecades), 1),
    };

    /// <summary>The share of a code; null where nothing is known.</summary>
    public static double? Loss(byte code) => code switch
    {
        0 => 0,
        <= Most => Math.Pow(10, -LossDecades + ((code - 1) * LossDecades / (Most - 1))),
        _ => null,
    };

    /// <summary>A delay: from 1 us to 100 s in steps of 7.6 %; what is shorter is 1 us.</summary>
    /// <param name="microseconds">In us. Null or no number: nothing is known.</param>
    public static byte OfDelay(double? microseconds) => microseconds switch
    {
        null or double.NaN => NoData,
        <= 1 => 0,
        var known => Bounded(Math.Log10(known.Value) * DelayStepsOfDecade, 0),
    };

    /// <summary>The delay of a code, in us; null where nothing is known.</summary>
    public static double? Delay(byte code) => code <= Most ? Math.Pow(10, code / DelayStepsOfDecade) : null;

    /// <summary>A delay against what it is usually: from a hundredth to a hundredfold in steps of 3.8 %; 125 is as usual.</summary>
    /// <param name="ratio">Null, no number, or not above zero: nothing is known.</param>
    public static byte OfRatio(double? ratio) => ratio switch
    {
        null or double.NaN or <= 0 => NoData,
        var known => Bounded(SameRatio + (Math.Log10(known.Value) * RatioStepsOfDecade), 0),
    };

    /// <summary>The ratio of a code; null where nothing is known.</summary>
    public static double? Ratio(byte code) => code <= Most ? Math.Pow(10, (code - SameRatio) / RatioStepsOfDecade) : null;

    private static byte Bounded(double code, byte least) => (byte)Math.Clamp(Math.Round(code), least, Most);
}
