using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Meshpulse.Bench;

/// <summary>What bench/run passes on: which benches, how long, where the programs are.</summary>
internal sealed record BenchOptions
{
    private static readonly string[] s_known =
        ["micro", "cost", "wakeup", "memory", "ping", "ping-limit", "ping-memory", "reflector", "stamp", "stamp-micro", "history", "fleet", "telling", "telling-micro", "busy", "incidents", "quiet"];

    private static readonly string[] s_onlyByName = ["incidents", "quiet"];

    /// <summary>The benches to run; empty for all but those that take hours.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Where the raw figures go; null for nowhere.</summary>
    public string? Json { get; init; }

    /// <summary>How often each contender has its turn.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Seconds measured in each turn; below ten an agent's figures of its wake-ups are of before, or missing.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>How many simulated worlds.</summary>
    public int Incidents { get; init; } = 10_000;

    /// <summary>The seed of the first of them.</summary>
    public int Seed { get; init; } = 1_000_000;

    /// <summary>How long quiet lasts, and at most incidents; null for an hour, or to the end.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>With every processor busy.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>The repository's folder.</summary>
    public string Root { get; init; } = ".";

    /// <summary>The agent's launcher.</summary>
    public string Agent => Path.Combine(Root, "meshpulse");

    /// <summary>A program of bench/c.</summary>
    public string Native(string name) => Path.Combine(Root, "artifacts/bench", name);

    /// <summary>Where a file that a bench writes goes.</summary>
    public string Scratch(string name) => Path.Combine(Root, "artifacts/bench", name);

    public bool Wants(string name) => Names.Count == 0 ? !s_onlyByName.Contains(name) : Names.Contains(name, StringComparer.Ordinal);

    public static bool TryParse(IReadOnlyList<string> arguments, out BenchOptions options, [NotNullWhen(false)] out string? problem)
    {
        options = new BenchOptions();
        problem = null;
        var names = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (s_known.Contains(arguments[i], StringComparer.Ordinal))
            {
                names.Add(arguments[i]);
            }
            else if (arguments[i] == "--loaded")
            {
                options = options with { IsLoaded = true };
            }
            else if (i + 1 < arguments.Count && With(options, arguments[i], arguments[i + 1]) is { } next)
            {
                options = next;
                i++;
            }
            else
            {
                problem = $"{arguments[i]}: not understood; usage: bench/run [{string.Join('|', s_known)}]... [--rounds N] [--seconds N] [--incidents N] [--seed N] [--for SECONDS] [--loaded] [--json FILE]";
                return false;
            }
        }

        options = options with { Names = names };
        return true;
    }

    private static BenchOptions? With(BenchOptions options, string name, string value) => name switch
    {
        "--json" => options with { Json = value },
        "--root" => options with { Root = value },
        "--rounds" when Number(value) is { } rounds => options with { Rounds = rounds },
        "--seconds" when Number(value) is { } seconds => options with { Seconds = seconds },
        "--incidents" when Number(value, 1_000_000) is { } incidents => options with { Incidents = incidents },
        "--seed" when Number(value, 1_000_000_000) is { } seed => options with { Seed = seed },
        "--for" when Number(value, 7 * 86_400) is { } seconds => options with { For = TimeSpan.FromSeconds(seconds) },
        _ => null,
    };

    private static int? Number(string text, int most = 3_600) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : null;
}
