using System.Globalization;

namespace Meshpulse.Bench.Whole;

/// <summary>What /proc says of a process at one moment, proc(5).</summary>
/// <param name="ProcessorNanoseconds">User and system time of all its threads, those that ended included.</param>
/// <param name="ProbingNanoseconds">The same of the thread named "probing"; of the only thread where there is none of that name.</param>
/// <param name="ResidentKilobytes">VmRSS.</param>
/// <param name="ProportionalKilobytes">PSS: shared pages divided among their users.</param>
internal sealed record ProcReading(long ProcessorNanoseconds, long ProbingNanoseconds, long ResidentKilobytes, long ProportionalKilobytes)
{
    private const long NanosecondsPerTick = 10_000_000;

    public static ProcReading Of(int process) => new(
        ProcessTime(process),
        ProbingTime(process),
        Kilobytes($"/proc/{process}/status", "VmRSS:"),
        Kilobytes($"/proc/{process}/smaps_rollup", "Pss:"));

    private static long ProcessTime(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        // The name in parentheses may hold blanks; utime and stime are the 12th and 13th fields behind it.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) * NanosecondsPerTick;
    }

    private static long ProbingTime(int process)
    {
        var tasks = Directory.GetDirectories($"/proc/{process}/task");
        var probing = tasks.FirstOrDefault(t => string.Equals(File.ReadAllText($"{t}/comm").Trim(), "probing", StringComparison.Ordinal)) ?? tasks[0];
        return Number(File.ReadAllText($"{probing}/schedstat").Split(' ')[0]);
    }

    private static long Kilobytes(string file, string name)
    {
        var line = File.ReadLines(file).First(l => l.StartsWith(name, StringComparison.Ordinal));
        return Number(line[name.Length..].Trim().Split(' ')[0]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
