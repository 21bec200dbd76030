using System.Globalization;
using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Cli.Fleet;

/// <summary>
/// Cells for people: as a figure, as one sign, in words. A sign says how bad it is by itself, so that nothing depends on colours: a point is as it should be,
/// 1 to 5 are worse and worse, and what is not known looks like none of them.
/// </summary>
internal static class CellWords
{
    /// <summary>Nothing arrives.</summary>
    public const char Silent = '#';

    /// <summary>Nobody knows.</summary>
    public const char NoData = '-';

    /// <summary>In maintenance.</summary>
    public const char Maintenance = 'm';

    /// <summary>The highest level.</summary>
    public const int WorstLevel = 5;

    private static readonly double[] s_loss = [double.Epsilon, 0.001, 0.01, 0.05, 0.5];
    private static readonly double[] s_delay = [200, 1_000, 5_000, 20_000, 100_000];
    private static readonly double[] s_ratio = [1.3, 1.6, 2, 4, 10];

    /// <summary>How bad a figure is: 0 as it should be to 5; null where it is not known.</summary>
    public static int? Level(MatrixFigure figure, double? value) => value is { } known ? ScaleOf(figure).Count(limit => known >= limit) : null;

    /// <summary>From where on each level from 1 to 5 is.</summary>
    public static IReadOnlyList<double> ScaleOf(MatrixFigure figure) => figure switch
    {
        MatrixFigure.Loss => s_loss,
        MatrixFigure.Ratio => s_ratio,
        _ => s_delay,
    };

    /// <summary>A cell in one sign.</summary>
    public static char Sign(GridCell cell, MatrixFigure figure) => cell.State switch
    {
        CellState.Maintenance => Maintenance,
        CellState.Silent => Silent,
        CellState.NoData => NoData,
        _ => Level(figure, cell.Of(figure)) switch
        {
            null => NoData,
            0 => '.',
            { } level => (char)('0' + level),
        },
    };

    /// <summary>A cell as a figure, as in <c>0.3%</c>, <c>120us</c> or <c>1.2x</c>; <c>!</c> behind it where a verdict concerns it.</summary>
    public static string Text(GridCell cell, MatrixFigure figure) => cell.State switch
    {
        CellState.Maintenance => "maint",
        CellState.Silent => "cut",
        CellState.NoData => "-",
        _ => (cell.Of(figure) is { } value ? Text(value, figure) : "-") + (cell.State == CellState.Verdict ? "!" : ""),
    };

    /// <summary>A figure with its unit.</summary>
    public static string Text(double value, MatrixFigure figure) => figure switch
    {
        MatrixFigure.Loss => Percent(value),
        MatrixFigure.Ratio => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}x"),
        _ => Delay(value),
    };

    /// <summary>A cell in words, with all its figures.</summary>
    public static string InWords(GridCell cell)
    {
        var state = cell.State switch
        {
            CellState.Silent => "nothing arrives",
            CellState.NoData => "no data",
            CellState.Maintenance => "in maintenance",
            CellState.Verdict => "see verdict",
            _ => "",
        };
        var figures = new List<string?>
        {
            cell.Loss is { } loss ? $"{Percent(loss)} lost" : null,
            cell.P50 is { } middle ? $"p50 {Delay(middle)}" : null,
            cell.P99 is { } high ? $"p99 {Delay(high)}" : null,
            cell.Ratio is { } ratio ? $"{Text(ratio, MatrixFigure.Ratio)} the usual" : null,
            cell is { IsRoundTrip: true, P50: not null } ? "there and back" : null,
            state,
        };
        return string.Join(", ", figures.Where(f => !string.IsNullOrEmpty(f)));
    }

    /// <summary>What the signs mean, in one line.</summary>
    public static string Legend(MatrixFigure figure)
    {
        var scale = ScaleOf(figure).Select((limit, i) => $"{i + 1} {(figure == MatrixFigure.Loss && i == 0 ? "some" : "from " + Text(limit, figure))}");
        return $"{Name(figure)}: . fine  {string.Join("  ", scale)}  {Silent} cut  {NoData} no data  {Maintenance} maintenance";
    }

    /// <summary>The figure's name for people.</summary>
    public static string Name(MatrixFigure figure) => figure switch
    {
        MatrixFigure.Loss => "loss",
        MatrixFigure.P50 => "p50 delay",
        MatrixFigure.P99 => "p99 delay",
        _ => "p50 against the usual",
    };

    private static string Percent(double share) => share switch
    {
        0 => "0%",
        < 0.0001 => "<0.01%",
        < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##}%"),
        < 0.1 => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#}%"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0}%"),
    };

    private static string Delay(double microseconds) => microseconds switch
    {
        < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.#}us"),
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0}us"),
        < 9_950 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000:0.#}ms"),
        < 999_500 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000:0}ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000:0.#}s"),
    };
}
