using System.Globalization;
using System.Text;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Incidents;

namespace Meshpulse.Cli.Console;

/// <summary>What the simulator says for people.</summary>
public static class SimText
{
    private const int MostTold = 4;

    /// <summary>One line of an incident that was not perfect, with what it takes to play it again.</summary>
    /// <param name="score">What became of it.</param>
    /// <param name="nodes">Agents of its world.</param>
    public static string Of(IncidentScore score, int nodes)
    {
        ArgumentNullException.ThrowIfNull(score);
        var faults = new List<string>();
        var silent = score.Knowers.Where(k => k.After is null).Select(k => k.Node).ToList();
        if (!score.IsFound)
        {
            faults.Add("missed");
        }
        else if (silent.Count > 0)
        {
            faults.Add(silent.Count == score.Knowers.Count ? "named by nobody" : $"not named by {Some(silent)}");
        }

        if (score.Wrong.Count > 0)
        {
            faults.Add(Some([.. score.Wrong.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Node} said {w.Said} at {w.After.Seconds:0.0} s"))]));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{score.Name}, {score.Text}: {string.Join("; ", faults)} (--seed {score.Seed} --nodes {nodes} --incidents 1 --kinds {score.Drawn}{Share(score.Company)})\n");
    }

    private static string Share(Company company) => company switch
    {
        Company.TwoAtOnce => " --two-at-once 100",
        Company.SickObserver => " --sick-observer 100",
        _ => "",
    };

    /// <summary>The table of all kinds.</summary>
    public static string Of(IReadOnlyList<IncidentTable> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"kind",-22}{"drawn",7}{"found",7}{"named",7}{"false",7}{"p50 s",8}{"p99 s",8}\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Name,-22}{row.Drawn,7}{row.Found,7}{row.Named,7}{row.Wrong,7}{Seconds(row.Median),8}{Seconds(row.P99),8}\n");
        }

        return text.ToString();
    }

    private static string Some(List<string> all) =>
        string.Join(", ", all.Take(MostTold)) + (all.Count > MostTold ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - MostTold} more") : "");

    private static string Seconds(Duration? time) => time is { } known ? known.Seconds.ToString("0.00", CultureInfo.InvariantCulture) : "-";
}
