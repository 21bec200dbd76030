using System.Text;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

/// <summary>All parsers on bytes that a file of the kernel may never have: nothing throws, nothing hangs, nothing negative comes out.</summary>
public class ParserFuzzTests
{
    private static readonly string[] s_texts =
    [
        "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 733255 27908 84403 339481 2243 0 4707 1520 0 0\ncpu1 9223372036854775807 0 0 0 0 0 0 0 0 0\nintr 1 2\n",
        "some avg10=69.91 avg60=83.23 avg300=52.41 total=6933931155\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9223372036854775807\n",
        "Cpus_allowed_list:\t0-3,8,10-8191\nvoluntary_ctxt_switches:\t0\nnonvoluntary_ctxt_switches:\t4\n",
        "21960 (c) at) R 21943 21943 21170 0 -1 4194304 100 0 7 0\n",
        "1189734 55021 12\n",
        "nr_periods 10\nnr_throttled 4\nthrottled_usec 18446744073709551615\nusage_usec 8\nthrottled_time 5\n",
        "20000 100000\n",
        "4:cpu,cpuacct:/user.slice\n0::/a/../b/c\n",
        "33 31 0:30 /a\\040b /sys/fs/cgroup/cpu,cpuacct rw shared:1 - cgroup cgroup rw,cpu,cpuacct\n25 30 0:23 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
        "quiet \"idle=poll\" idle=halt -- x\n",
        "017b8cab ffffffff 00000006 00000000\n016498fd 00000000 00000007 00000000\n",
        "    lo: 5 4 0 0 0 0\n  eth0: 124437922 3357 1 2 3 4 0 0 178433\n",
        "Udp: InDatagrams NoPorts InErrors RcvbufErrors\nUdp: 1 2 9223372036854775807 4\nTcp: RetransSegs\nTcp: 5\n",
        "Udp6InErrors   \t9223372036854775807\n",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_bytes_make_a_parser_throw(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = round % 4 == 0 ? Noise(random) : Mutated(random);
            try
            {
                ParseAll(bytes, Mutated(random));
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {round}, {Convert.ToHexString(bytes)}: {e}");
            }
        }
    }

    private static void ParseAll(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other)
    {
        Span<CpuTicks> cpus = stackalloc CpuTicks[8];
        foreach (var cpu in cpus[..CpuStatText.Read(text, cpus)])
        {
            Assert.True(cpu is { Busy: >= 0, Idle: >= 0, IoWait: >= 0, Steal: >= 0, Cpu: >= 0 and < CpuSet.Limit });
        }

        Assert.True(CpuSet.TryParse(text, out var set) == set is { Count: > 0 });
        Assert.True(PressureText.Read(text) is not { } pressure || (pressure.Some >= Duration.Zero && pressure.Full >= Duration.Zero));
        Assert.True(ThreadText.RunQueueDelay(text) is not { Nanoseconds: < 0 });
        Assert.True(ThreadText.InvoluntarySwitches(text) is not < 0);
        Assert.True(ThreadText.MajorFaults(text) is not < 0);
        _ = ThreadText.AllowedCpus(text);
        Assert.True(!CgroupCpuText.TryMax(text, out var max) || max is null or >= 0);
        Assert.True(!CgroupCpuText.TryQuota(text, other, out var quota) || quota is null or >= 0);
        Assert.True(CgroupCpuText.Stat(text, null) is not { } stat || (stat.Periods >= 0 && stat.ThrottledPeriods >= 0 && stat.ThrottledTime >= Duration.Zero));
        var layout = CgroupLayout.Read(text, other);
        Assert.True(layout.Cpu?.Directories().Count is null or (> 0 and <= CgroupPlace.Deepest));
        _ = PowerText.Word(text);
        _ = PowerText.IdleOption(text);
        Assert.True(PowerText.ExitLatency(text) is not { Nanoseconds: < 0 });
        Assert.True(NetworkText.Softnet(text, out _) is not ({ Drops: < 0 } or { Squeezes: < 0 }));
        Assert.True(NetworkText.InterfaceErrors(text, out _) is not < 0);
        Assert.True(NetworkText.Udp(text, other, "InErrors"u8) is not < 0);
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(0, 300)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A real text with some bytes changed, cut out or repeated; most of what a parser looks for is still there.</summary>
    private static byte[] Mutated(Random random)
    {
        var bytes = Encoding.ASCII.GetBytes(s_texts[random.Next(s_texts.Length)]).ToList();
        for (var left = random.Next(0, 6); left > 0 && bytes.Count > 0; left--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(20, bytes.Count - at) + 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(20, bytes.Count - at)));
                    break;
                default:
                    bytes[at] = (byte)" \n:-,()/9"[random.Next(9)];
                    break;
            }
        }

        return [.. bytes];
    }
}
