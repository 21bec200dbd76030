using System.Globalization;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>A row of <see cref="CheckTable"/>.</summary>
/// <param name="Check">The kind's name.</param>
/// <param name="Path">From where to where.</param>
/// <param name="Place">The address, for TCP and STAMP with its port, for HTTP the URL; <c>-</c> where there is none.</param>
/// <param name="Window">The figures of the window.</param>
/// <param name="Unsent">What was due and not sent since the pair is probed; null where that is not known.</param>
internal sealed record CheckTableRow(string Check, string Path, string Place, WindowSums Window, long? Unsent)
{
    private const string NoData = "-";

    public string Requests => Number(Window.Decided);

    public string Responses => Number(Window.Answered);

    public string Loss => Number(Window.Lost);

    /// <summary>With two decimals; what is neither nothing nor all never rounds to either.</summary>
    public string LossPercent => Window switch
    {
        { Decided: 0 } => NoData,
        { Lost: 0 } => "0.00",
        { Answered: 0 } => "100.00",
        _ => Math.Clamp(100m * Window.Lost / Window.Decided, 0.01m, 99.99m).ToString("0.00", CultureInfo.InvariantCulture),
    };

    public string Min => Milliseconds(Window.Min);

    public string Max => Milliseconds(Window.Max);

    public string UnsentTotal => Unsent is { } unsent ? Number(unsent) : NoData;

    public static CheckTableRow Of(ProbeReport pair) => new(
        CheckKinds.NameOf(pair.Probe.Kind),
        PathOf(pair.Probe.From.Name, pair.Probe.To.Name),
        SingleLine.Of(PlaceOf(pair)),
        pair.Window,
        pair.Totals.Unsent);

    public static CheckTableRow Of(DatacenterReport sum) => new(CheckKinds.NameOf(sum.Kind), PathOf(sum.From, sum.To), NoData, sum.Window, null);

    private static string PlaceOf(ProbeReport pair) => pair.Probe switch
    {
        { Kind: CheckKind.Http, Url: { } url } => url,
        { Kind: CheckKind.Tcp or CheckKind.Stamp } probe => pair.Address.Contains(':') ? $"[{pair.Address}]:{probe.Target.Port}" : $"{pair.Address}:{probe.Target.Port}",
        _ => pair.Address,
    };

    private static string PathOf(string from, string to) => SingleLine.Of($"{from} -> {to}");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(Duration? length) =>
        length is { } some ? (some.Microseconds / 1_000m).ToString("0.000", CultureInfo.InvariantCulture) : NoData;
}
