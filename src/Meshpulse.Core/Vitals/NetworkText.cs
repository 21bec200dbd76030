namespace Meshpulse.Core.Vitals;

/// <summary>What proc_net(5) tells of packets that the host lost or repeated. All counters are since the boot, or since the namespace or interface began.</summary>
public static class NetworkText
{
    /// <summary>
    /// /proc/net/softnet_stat: a line per CPU that is online, of hexadecimal numbers of 32 bits; the second counts drops, the third squeezes (Linux: net/core/net-procfs.c).
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="cpus">Its lines; where their number changes, the sums have to be begun anew.</param>
    /// <returns>The sums; null where no line is one.</returns>
    public static (long Drops, long Squeezes)? Softnet(ReadOnlySpan<byte> text, out int cpus)
    {
        (long drops, long squeezes) = (0, 0);
        cpus = 0;
        while (ProcText.TryLine(ref text, out var line))
        {
            if (ProcText.TryHex(ProcText.Word(ref line), out _)
                && ProcText.TryHex(ProcText.Word(ref line), out var dropped)
                && ProcText.TryHex(ProcText.Word(ref line), out var squeezed))
            {
                cpus++;
                (drops, squeezes) = (ProcText.Sum(drops, dropped), ProcText.Sum(squeezes, squeezed));
            }
        }

        return cpus == 0 ? null : (drops, squeezes);
    }

    /// <summary>
    /// /proc/net/dev: receive errors, drops, FIFO and frame errors of all interfaces but the loopback. By the kernel's definition FIFO and frame errors are
    /// among the errors, but not every driver keeps to it: the greater one counts.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="interfaces">A number that belongs to the interfaces' names; where it changes, the sum has to be begun anew.</param>
    /// <returns>The sum; null where no line is one, as in a namespace of nothing.</returns>
    public static long? InterfaceErrors(ReadOnlySpan<byte> text, out long interfaces)
    {
        long? sum = null;
        interfaces = 0;
        while (ProcText.TryLine(ref text, out var line))
        {
            var colon = line.IndexOf((byte)':');
            if (colon < 0 || !TryReceived(line[(colon + 1)..], out var lost))
            {
                continue;
            }

            var name = line[..colon].Trim((byte)' ');
            sum ??= 0;
            if (!name.SequenceEqual("lo"u8))
            {
                interfaces = unchecked((interfaces * 31) + Mark(name));
                sum = ProcText.Sum(sum.Value, lost);
            }
        }

        return sum;
    }

    /// <summary>A counter of /proc/net/snmp, whose lines come in pairs: the names, then the values.</summary>
    /// <param name="text">The file.</param>
    /// <param name="protocol">Such as <c>Udp:</c>.</param>
    /// <param name="name">Such as <c>InErrors</c>.</param>
    public static long? Snmp(ReadOnlySpan<byte> text, ReadOnlySpan<byte> protocol, ReadOnlySpan<byte> name)
    {
        while (ProcText.TryLine(ref text, out var names))
        {
            if (ProcText.Word(ref names).SequenceEqual(protocol))
            {
                return ProcText.TryLine(ref text, out var values) && ProcText.Word(ref values).SequenceEqual(protocol) ? Under(names, values, name) : null;
            }
        }

        return null;
    }

    /// <summary>A counter of UDP over both versions of IP.</summary>
    /// <param name="snmp">/proc/net/snmp.</param>
    /// <param name="snmp6">/proc/net/snmp6, one a line, such as <c>Udp6InErrors</c>. Without IPv6 there is no such file, and nothing to add.</param>
    /// <param name="name">Such as <c>InErrors</c>.</param>
    /// <returns>Null where the first has none.</returns>
    public static long? Udp(ReadOnlySpan<byte> snmp, ReadOnlySpan<byte> snmp6, ReadOnlySpan<byte> name) =>
        Snmp(snmp, "Udp:"u8, name) is { } v4 ? ProcText.Sum(v4, Udp6(snmp6, name)) : null;

    private static long Udp6(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var protocol = "Udp6"u8;
        while (ProcText.TryLine(ref text, out var line))
        {
            var key = ProcText.Word(ref line);
            if (key.StartsWith(protocol) && key[protocol.Length..].SequenceEqual(name))
            {
                return ProcText.TryNextNumber(ref line, out var value) ? value : 0;
            }
        }

        return 0;
    }

    private static long? Under(ReadOnlySpan<byte> names, ReadOnlySpan<byte> values, ReadOnlySpan<byte> wanted)
    {
        for (var name = ProcText.Word(ref names); !name.IsEmpty; name = ProcText.Word(ref names))
        {
            var value = ProcText.Word(ref values);
            if (name.SequenceEqual(wanted))
            {
                return ProcText.TryNumber(value, out var number) ? number : null;
            }
        }

        return null;
    }

    private static bool TryReceived(ReadOnlySpan<byte> line, out long lost)
    {
        // bytes packets errs drop fifo frame …
        Span<long> fields = stackalloc long[6];
        lost = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            if (!ProcText.TryNextNumber(ref line, out fields[i]))
            {
                return false;
            }
        }

        lost = ProcText.Sum(Math.Max(fields[2], ProcText.Sum(fields[4], fields[5])), fields[3]);
        return true;
    }

    private static long Mark(ReadOnlySpan<byte> name)
    {
        long mark = name.Length;
        foreach (var letter in name)
        {
            mark = unchecked((mark * 131) + letter);
        }

        return mark;
    }
}
