using System.Text.Json;

namespace Meshpulse.Bench.Verdicts;

/// <summary>One incident as <c>meshpulse sim --json</c> scored it.</summary>
/// <param name="Kind">Of what kind it was.</param>
/// <param name="Company">What else went on.</param>
/// <param name="IsFound">Somebody said something right of it, or forgiven.</param>
/// <param name="IsNamed">All who could know said its name.</param>
/// <param name="False">Verdicts that were none of it.</param>
/// <param name="Times">Seconds to the right name, of the agents that said it.</param>
internal sealed record PlayedIncident(string Kind, string Company, bool IsFound, bool IsNamed, int False, IReadOnlyList<double> Times)
{
    /// <summary>Found, named by all, and nothing else said.</summary>
    public bool IsPerfect => IsFound && IsNamed && False == 0;

    /// <summary>In how many simulated worlds they were; 0 where the simulator printed no scores.</summary>
    public static int WorldsOf(string json)
    {
        if (!json.EndsWith("}\n", StringComparison.Ordinal))
        {
            return 0;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("incidents").EnumerateArray().Select(i => i.GetProperty("seed").GetInt64()).Distinct().Count();
    }

    /// <summary>Reads what the simulator printed.</summary>
    public static IEnumerable<PlayedIncident> ReadAll(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var incident in document.RootElement.GetProperty("incidents").EnumerateArray())
        {
            yield return new PlayedIncident(
                incident.GetProperty("kind").GetString()!,
                incident.GetProperty("company").GetString()!,
                incident.GetProperty("found").GetBoolean(),
                incident.GetProperty("named").GetBoolean(),
                incident.GetProperty("false").GetArrayLength(),
                [.. incident.GetProperty("named_after_s").EnumerateObject().Where(n => n.Value.ValueKind == JsonValueKind.Number).Select(n => n.Value.GetDouble())]);
        }
    }
}
