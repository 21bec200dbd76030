using System.Globalization;
using System.Text;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Transcripts;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Diagnosis.Transcripts;

/// <summary>Output of nodes 10.0.0.1 to 10.0.0.N as meshmonitor prints it, a table each five seconds, no two nodes at the same time; and what is made of it.</summary>
internal sealed class PrintedMesh(int nodes)
{
    public const int Interval = 5;

    private const string Header =
        "[               ] --------receive-(ms)--------- ---------delta-(ms)---------- ---------send-(ms)-----------\n"
        + "[               ]   Max  Mean    99  99.9 99.99|  Max  Mean    99  99.9 99.99|  Max  Mean    99  99.9 99.99\n";

    /// <summary>The longest time between heartbeats, in ms, that one node (first) prints of another (second) in its table of a number; null for none.</summary>
    public Func<int, int, int, double?> Receive { get; init; } = (_, _, _) => 5.2;

    /// <summary>The same between its sendings to it.</summary>
    public Func<int, int, int, double> Send { get; init; } = (_, _, _) => 5.1;

    /// <summary>Lines of events of a node, before its table of a number.</summary>
    public Func<int, int, string> Events { get; init; } = (_, _) => "";

    /// <summary>Whether a node prints its table of a number.</summary>
    public Func<int, int, bool> Prints { get; init; } = (_, _) => true;

    /// <summary>Whether one prints a row of another: both are connected.</summary>
    public Func<int, int, int, bool> Shows { get; init; } = (_, _, _) => true;

    public static string Address(int node) => $"10.0.0.{node}";

    /// <summary>When a node prints its table of a number.</summary>
    public static TimeSpan At(int node, int table) => new TimeSpan(8, 0, 0) + TimeSpan.FromSeconds((table * Interval) + (node % Interval));

    /// <summary>What one prints.</summary>
    public string Of(int node, int tables)
    {
        var text = new StringBuilder($"08:00:00 [               ] Starting meshmonitor. Binding to address {Address(node)}:12222\n");
        for (var table = 1; table <= tables; table++)
        {
            text.Append(Events(node, table));
            if (!Prints(node, table))
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $@"{At(node, table):hh\:mm\:ss} [               ] Connected to {nodes - 1} servers").Append('\n').Append(Header);
            for (var other = 1; other <= nodes; other++)
            {
                if (other != node && Shows(node, other, table))
                {
                    text.Append(CultureInfo.InvariantCulture, $"[{Address(other),15}] {Group(Receive(node, other, table))}|{Group(0.2)}|{Group(Send(node, other, table))}\n");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>What is made of the output of these nodes; of all without any.</summary>
    public IReadOnlyList<Verdict> Judge(int tables, params int[] of) =>
        Judge([.. (of.Length > 0 ? of : [.. Enumerable.Range(1, nodes)]).Select(n => Of(n, tables))]);

    /// <summary>What is made of texts.</summary>
    public static IReadOnlyList<Verdict> Judge(params string[] texts)
    {
        var surveys = texts.Select((text, i) => (Read(text, "", []), (string?)null, $"file{i}")).ToList();
        var names = new TranscriptNames(surveys);
        var entries = new List<TranscriptEntry>();
        for (var i = 0; i < texts.Length; i++)
        {
            _ = Read(texts[i], names.Nodes[i], entries);
        }

        var judge = new TranscriptJudge(names.Meanings, Duration.FromSeconds(Interval));
        var (changes, end) = (0, default(WallTime));
        foreach (var entry in entries.OrderBy(e => e.At.Nanoseconds))
        {
            judge.Take(entry);
            changes += judge.JudgeUntil(entry.At).Count;
            end = entry.At;
        }

        changes += judge.Finish(end).Count;
        Assert.True(changes >= judge.Verdicts.Count);
        return judge.Verdicts;
    }

    /// <summary>A verdict in short, as in <c>host.stalled 10.0.0.2</c>.</summary>
    public static string Name(Verdict verdict) => $"{VerdictKinds.IdOf(verdict.What)} {verdict.Where}";

    private static TranscriptReader Read(string text, string node, List<TranscriptEntry> into)
    {
        var reader = new TranscriptReader(node, default);
        foreach (var line in text.Split('\n'))
        {
            _ = reader.Take(line, into);
        }

        Assert.Equal(0, reader.Unknown);
        return reader;
    }

    private static string Group(double? max) => max is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value,5:0.0} {5.1,5:0.0} {value,5:0.0} {value,5:0.0} {value,5:0.0}")
        : "  0.0   0.0   0.0   0.0   0.0";
}
