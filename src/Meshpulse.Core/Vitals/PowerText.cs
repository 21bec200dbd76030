using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>How a host saves power: cpufreq and cpuidle in sysfs (Linux: Documentation/admin-guide/pm), and the kernel's command line.</summary>
public static class PowerText
{
    /// <summary>The one word of scaling_governor, or of an idle state's name with its blanks as underscores.</summary>
    /// <returns>Null where there is none.</returns>
    public static string? Word(ReadOnlySpan<byte> text)
    {
        _ = ProcText.TryLine(ref text, out var line);
        line = line.Trim(" \t"u8);
        return line.IsEmpty ? null : ProcText.Name(line).Replace('?', '_');
    }

    /// <summary>An idle state's exit latency, in microseconds in its file.</summary>
    public static Duration? ExitLatency(ReadOnlySpan<byte> text) => ProcText.TryNumber(text.Trim(" \t\n"u8), out var microseconds) ? ProcText.Span(microseconds, 1_000) : null;

    /// <summary>Whether an idle state is switched off: its <c>disable</c> is anything but 0.</summary>
    public static bool IsDisabled(ReadOnlySpan<byte> text) => ProcText.TryNumber(text.Trim(" \t\n"u8), out var value) && value != 0;

    /// <summary>The kernel's option <c>idle=</c>; the last one counts. Null where there is none.</summary>
    /// <param name="commandLine">/proc/cmdline: options between blanks, which may stand inside double quotes.</param>
    public static string? IdleOption(ReadOnlySpan<byte> commandLine)
    {
        string? found = null;
        _ = ProcText.TryLine(ref commandLine, out var rest);
        while (!rest.IsEmpty)
        {
            var option = Option(ref rest);
            if (option.StartsWith("idle="u8) && option.Length > "idle="u8.Length)
            {
                found = ProcText.Name(option["idle="u8.Length..]);
            }
            else if (option.SequenceEqual("--"u8))
            {
                // What follows is the first process's.
                break;
            }
        }

        return found;
    }

    private static ReadOnlySpan<byte> Option(ref ReadOnlySpan<byte> rest)
    {
        var isQuoted = false;
        var end = 0;
        for (; end < rest.Length && (isQuoted || rest[end] is not ((byte)' ' or (byte)'\t')); end++)
        {
            isQuoted ^= rest[end] == '"';
        }

        var option = rest[..end].Trim((byte)'"');
        rest = rest[Math.Min(end + 1, rest.Length)..];
        return option;
    }
}
