using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>/proc/pressure/* and *.pressure of a cgroup (Linux: Documentation/accounting/psi.rst). The totals are microseconds since the boot or the cgroup's begin.</summary>
public static class PressureText
{
    /// <summary>Reads the two totals; <c>full</c> is zero where there is none, as with the host's CPU before Linux 5.13.</summary>
    /// <returns>Null where the line <c>some</c> has no total.</returns>
    public static PressureTime? Read(ReadOnlySpan<byte> text)
    {
        Duration? some = null;
        var full = Duration.Zero;
        while (ProcText.TryLine(ref text, out var line))
        {
            var kind = ProcText.Word(ref line);
            if (Total(line) is not { } total)
            {
                continue;
            }

            if (kind.SequenceEqual("some"u8))
            {
                some = total;
            }
            else if (kind.SequenceEqual("full"u8))
            {
                full = total;
            }
        }

        return some is { } found ? new PressureTime(found, full) : null;
    }

    private static Duration? Total(ReadOnlySpan<byte> line)
    {
        for (var word = ProcText.Word(ref line); !word.IsEmpty; word = ProcText.Word(ref line))
        {
            if (word.StartsWith("total="u8))
            {
                return ProcText.TryNumber(word["total="u8.Length..], out var microseconds) ? ProcText.Span(microseconds, 1_000) : null;
            }
        }

        return null;
    }
}
