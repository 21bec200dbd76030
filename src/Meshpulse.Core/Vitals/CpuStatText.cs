namespace Meshpulse.Core.Vitals;

/// <summary>/proc/stat, proc_stat(5): a line per CPU that is online, before everything else.</summary>
public static class CpuStatText
{
    /// <summary>Reads the lines <c>cpuN user nice system idle iowait irq softirq steal …</c>; what is no such line is passed over.</summary>
    /// <param name="text">The file, or its beginning up to the end of a line.</param>
    /// <param name="cpus">Takes one entry per CPU, in the file's order.</param>
    /// <returns>How many were read; at most as many as there is room for.</returns>
    public static int Read(ReadOnlySpan<byte> text, Span<CpuTicks> cpus)
    {
        var count = 0;
        while (count < cpus.Length && ProcText.TryLine(ref text, out var line))
        {
            if (!line.StartsWith("cpu"u8))
            {
                // They stand together at the beginning; the line of interrupts behind them is long.
                break;
            }

            if (TryCpu(line["cpu"u8.Length..], out var ticks))
            {
                cpus[count++] = ticks;
            }
        }

        return count;
    }

    private static bool TryCpu(ReadOnlySpan<byte> line, out CpuTicks ticks)
    {
        ticks = default;
        // The first line, of all together, has no number.
        if (line.IsEmpty || line[0] == ' ' || !ProcText.TryNextNumber(ref line, out var cpu) || cpu >= CpuSet.Limit)
        {
            return false;
        }

        Span<long> fields = stackalloc long[8];
        for (var i = 0; i < fields.Length; i++)
        {
            if (!ProcText.TryNextNumber(ref line, out fields[i]))
            {
                return false;
            }
        }

        var busy = ProcText.Sum(ProcText.Sum(ProcText.Sum(fields[0], fields[1]), fields[2]), ProcText.Sum(fields[5], fields[6]));
        ticks = new CpuTicks((int)cpu, busy, fields[3], fields[4], fields[7]);
        return true;
    }
}
