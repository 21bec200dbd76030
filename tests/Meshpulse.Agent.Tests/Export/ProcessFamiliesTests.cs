using Meshpulse.Agent.Export;

namespace Meshpulse.Agent.Tests.Export;

public sealed class ProcessFamiliesTests : IDisposable
{
    // Fields 3 to 24 of proc(5)'s stat, behind a name that tries to look like more of them.
    private const string Stat =
        "4711 (a) S 1 2 3) S 1 1 1 0 -1 4194560 5 0 0 0 250 125 0 0 20 0 12 0 5000 1048576 256 18446744073709551615 1 1\n";

    private readonly string _proc = Directory.CreateTempSubdirectory("meshpulse-proc-").FullName;

    public ProcessFamiliesTests()
    {
        Directory.CreateDirectory(Path.Combine(_proc, "self/fd"));
        foreach (var fd in new[] { "0", "1", "2", "3" })
        {
            File.WriteAllText(Path.Combine(_proc, "self/fd", fd), "");
        }

        File.WriteAllText(Path.Combine(_proc, "self/stat"), Stat);
        File.WriteAllText(
            Path.Combine(_proc, "self/limits"),
            "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max processes             62898                62898                processes \n"
            + "Max open files            1024                 524288               files     \n");
        File.WriteAllText(Path.Combine(_proc, "stat"), "cpu  1 2 3\nintr 5 0 0\nbtime 1700000000\nprocesses 7\n");
    }

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    [Fact]
    public void Every_figure_has_its_usual_name_and_base_unit()
    {
        var expected = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["process_cpu_seconds_total"] = 3.75,
            ["process_start_time_seconds"] = 1700000050,
            ["process_resident_memory_bytes"] = 256.0 * Environment.SystemPageSize,
            ["process_virtual_memory_bytes"] = 1048576,
            ["process_threads"] = 12,
            ["process_open_fds"] = 3,
            ["process_max_fds"] = 1024,
        };
        Assert.Equal(expected, Read());
    }

    [Theory]
    [InlineData("self/stat", "process_open_fds,process_max_fds")]
    [InlineData("stat", "process_cpu_seconds_total,process_resident_memory_bytes,process_virtual_memory_bytes,process_threads,process_open_fds,process_max_fds")]
    [InlineData("self/limits", "process_cpu_seconds_total,process_start_time_seconds,process_resident_memory_bytes,process_virtual_memory_bytes,process_threads,process_open_fds")]
    [InlineData("self/fd", "process_cpu_seconds_total,process_start_time_seconds,process_resident_memory_bytes,process_virtual_memory_bytes,process_threads,process_max_fds")]
    public void A_missing_source_is_left_out(string source, string remaining)
    {
        var path = Path.Combine(_proc, source);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }

        Assert.Equal(remaining.Split(','), Read().Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4711 (name")]
    [InlineData("4711 (name)")]
    [InlineData("4711 (name) S 1 x y z")]
    [InlineData(")")]
    public void A_source_that_reads_otherwise_is_left_out(string stat)
    {
        File.WriteAllText(Path.Combine(_proc, "self/stat"), stat);
        Assert.Equal(["process_open_fds", "process_max_fds"], Read().Keys);
    }

    [Fact]
    public void No_limit_is_no_figure()
    {
        File.WriteAllText(Path.Combine(_proc, "self/limits"), "Max open files            unlimited            unlimited            files\n");
        Assert.DoesNotContain("process_max_fds", Read().Keys);
    }

    [Fact]
    public void This_process_is_plausible()
    {
        var before = ReadFrom("/proc");
        var held = Enumerable.Range(0, 50).Select(_ => File.OpenRead("/dev/null")).ToList();
        var after = ReadFrom("/proc");
        held.ForEach(f => f.Dispose());

        Assert.Equal(7, before.Count);
        Assert.True(after["process_open_fds"] >= 50, "files that are open are counted");
        Assert.True(after["process_cpu_seconds_total"] >= before["process_cpu_seconds_total"], "CPU time does not fall");
        Assert.True(before["process_resident_memory_bytes"] > 1 << 20, "a .NET process takes more than a megabyte");
        Assert.True(before["process_resident_memory_bytes"] < before["process_virtual_memory_bytes"], "resident is part of virtual");
        Assert.Equal(before["process_start_time_seconds"], after["process_start_time_seconds"]);
        var age = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - before["process_start_time_seconds"];
        Assert.InRange(age, -2, TimeSpan.FromDays(1).TotalSeconds);
    }

    [Fact]
    public void The_runtime_tells_its_build_and_its_pauses()
    {
        var text = Page.Text(ExpositionFormat.PrometheusText, w => RuntimeFamilies.WriteBuild(w, "1.2.3-rc.1+abc"));
        Assert.EndsWith("\nmeshpulse_build_info{version=\"1.2.3-rc.1+abc\"} 1\n", text, StringComparison.Ordinal);

        GC.Collect(2);
        var parsed = Page.Parse(ExpositionFormat.OpenMetrics, RuntimeFamilies.WriteGarbageCollector);
        Assert.Equal(["meshpulse_gc_pause_seconds", "meshpulse_gc_collections"], parsed.Types.Keys);
        Assert.Equal("seconds", parsed.Units["meshpulse_gc_pause_seconds"]);
        Assert.True(parsed.Samples.Single(s => s.Name == "meshpulse_gc_pause_seconds_total").Value > 0, "collecting takes time");
        var collections = parsed.Samples.Where(s => s.Name == "meshpulse_gc_collections_total").ToDictionary(s => s.Labels["generation"], s => s.Value);
        Assert.Equal(["0", "1", "2"], collections.Keys.Order(StringComparer.Ordinal));
        Assert.True(collections["2"] >= 1 && collections["0"] >= collections["2"], "older collections count for younger generations");
    }

    private static Dictionary<string, double> ReadFrom(string proc)
    {
        var parsed = Page.Parse(ExpositionFormat.PrometheusText, new ProcessFamilies(proc).Write);
        return parsed.Samples.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
    }

    private Dictionary<string, double> Read() => ReadFrom(_proc);
}
