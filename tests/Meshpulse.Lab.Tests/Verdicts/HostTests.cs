using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Verdicts;

/// <summary>What is wrong with a host: everybody who can know says so, and nobody blames anybody else.</summary>
public sealed class HostTests(HostMesh shared) : IClassFixture<HostMesh>
{
    private static readonly TimeSpan s_freeze = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_stopped_process_was_frozen()
    {
        var mesh = await shared.WellAsync();
        await mesh[1].Process.FreezeAsync(s_freeze);
        await SaidAndHealedAsync(mesh, mesh.Everybody, new Claim("host.frozen", mesh.Name(1)));
    }

    [Fact]
    public async Task A_process_in_the_freezer_was_frozen()
    {
        using var group = ControlGroup.Require("freezer");
        var mesh = await shared.WellAsync(3, group.Enter);
        var (file, on, off) = group.IsV2 ? ("cgroup.freeze", "1", "0") : ("freezer.state", "FROZEN", "THAWED");
        group.Set(file, on);
        await Task.Delay(s_freeze);
        group.Set(file, off);
        await SaidAndHealedAsync(mesh, mesh.Everybody, new Claim("host.frozen", mesh.Name(3)), Restarted(mesh, 3));
    }

    [Fact]
    public async Task Hogs_on_the_only_CPU_that_an_agent_may_use_are_contention_or_pinning()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "there is one CPU only");
        var taskset = Tool.Require("taskset", "util-linux");
        var mesh = await shared.WellAsync();
        var pid = $"{mesh[2].Process.Pid}";
        var claims = Claim.Any(mesh.Name(2), "host.cpu_contention", "host.pinning");
        await Tool.MustAsync([taskset, "-a", "-c", "-p", "1", pid]);
        using (await Load.StartAsync(3, ":", taskset, "-c", "1", "nice", "-n", "-8"))
        {
            try
            {
                await mesh.Said.UntilAsync(mesh.Everybody, claims);
            }
            catch
            {
                await mesh.WriteVitalsAsync(2);
                throw;
            }
        }

        await Tool.MustAsync([taskset, "-a", "-c", "-p", $"0-{Environment.ProcessorCount - 1}", pid]);
        await mesh.HealAsync();
        // Who gets no CPU at all looks stopped from outside, until he speaks again.
        mesh.Said.AssertNothingBut([.. claims, new Claim("host.frozen", mesh.Name(2))]);
    }

    [Fact]
    public async Task A_quota_throttles()
    {
        using var group = ControlGroup.Require("cpu");
        var mesh = await shared.WellAsync(3, group.Enter);
        Quota(group, "50000");
        var claim = new Claim("host.cpu_throttled", mesh.Name(3));
        // Somebody else in there uses it up, however little an agent needs on this machine; what is left is enough to tell of it.
        using (await Load.StartAsync(1, ":", [.. group.Enter]))
        {
            await mesh.Said.UntilAsync(mesh.Everybody, claim);
        }

        Quota(group, group.IsV2 ? "max" : "-1");
        await SaidAndHealedAsync(mesh, mesh.Everybody, claim, Restarted(mesh, 3));
    }

    [Fact]
    public async Task Synchronous_writing_is_nobodys_path()
    {
        var mesh = await shared.WellAsync();
        var file = mesh.LogOf(0) + ".written";
        await Disk.RequireAsync(file);
        var before = await IoWaitAsync(mesh);
        Assert.SkipWhen(double.IsNaN(before), "this kernel does not tell how long tasks wait (psi=0)");
        using (await Load.StartAsync(2, $"dd if=/dev/zero of={file}.$$ bs=1M count=64 oflag=dsync"))
        {
            await Until.HoldsAsync(async () => await IoWaitAsync(mesh) >= before + 3, () => "nobody waits for a disk");
        }

        await mesh.HealAsync();
        mesh.Said.AssertNothingBut();
    }

    [Fact]
    public async Task Too_little_memory_for_the_files_that_it_runs_from_is_memory_pressure()
    {
        using var group = ControlGroup.Require("memory");
        using var memory = await ShortMemory.RequireAsync(group, (await shared.WellAsync()).LogOf(3) + ".copy");
        var mesh = await shared.WellAsync(3, memory.Enter);
        await memory.SqueezeUntilAsync(mesh.Said.UntilAsync(mesh.Everybody, new Claim("host.memory_pressure", mesh.Name(3))));
        await mesh.HealAsync();
        // All of them have one kernel, which counts how long tasks wait: what stalls meanwhile, for whatever reason, is short of memory as well.
        // And who has to read each page before he goes on looks stopped from outside, until he speaks again.
        var shorts = mesh.Everybody.Select(name => new Claim("host.memory_pressure", name));
        mesh.Said.AssertNothingBut([.. shorts, new Claim("host.frozen", mesh.Name(3)), Restarted(mesh, 3)]);
    }

    [Fact]
    public async Task A_killed_agent_is_gone_and_has_restarted_when_it_is_back()
    {
        var mesh = await shared.WellAsync();
        var (gone, restarted) = (new Claim("host.process_gone", mesh.Name(1)), new Claim("host.restarted", mesh.Name(1)));
        mesh[1].Process.Send(Signal.Kill);
        await mesh.Said.UntilAsync(mesh.AllBut(1), gone);
        await mesh[1].Process.ExitAsync();
        await mesh.StartAsync(1);
        // Until the kernel has taken it apart, which takes a second on a busy machine, it is a process that does not run and whose connections stand.
        await SaidAndHealedAsync(mesh, mesh.AllBut(1), restarted, gone, new Claim("host.frozen", mesh.Name(1)));
    }

    [Fact]
    public async Task An_agent_that_is_told_to_end_has_left()
    {
        var mesh = await shared.WellAsync();
        var left = new Claim("host.left", mesh.Name(2));
        mesh[2].Process.Send(Signal.Terminate);
        await mesh.Said.UntilAsync(mesh.AllBut(2), left);
        Assert.Equal(0, await mesh[2].Process.ExitAsync());
        await mesh.StartAsync(2);
        await SaidAndHealedAsync(mesh, mesh.AllBut(2), left, new Claim("host.restarted", mesh.Name(2)));
    }

    [Fact]
    public async Task Who_begins_after_another_has_left_takes_the_word_of_those_that_heard_it()
    {
        var mesh = await shared.WellAsync();
        var (left, restarted) = (new Claim("host.left", mesh.Name(2)), new Claim("host.left", mesh.Name(1)));
        mesh[2].Process.Send(Signal.Terminate);
        await mesh.Said.UntilAsync(mesh.AllBut(2), left);
        Assert.Equal(0, await mesh[2].Process.ExitAsync());
        mesh[1].Process.Send(Signal.Terminate);
        Assert.Equal(0, await mesh[1].Process.ExitAsync());
        await mesh.StartAsync(1);
        await mesh[1].MetricsAsync(page => page.Value("meshpulse_slices_received_total") >= 2 * 40, "hears the others");
        await mesh.StartAsync(2);
        await SaidAndHealedAsync(mesh, [], left, restarted, Restarted(mesh, 1), Restarted(mesh, 2));
    }

    [Fact]
    public async Task A_host_in_maintenance_is_not_blamed_for_anything_else()
    {
        var mesh = await shared.WellAsync();
        var maintenance = new Claim("host.maintenance", mesh.Name(1));
        await File.WriteAllTextAsync(mesh.MaintenanceOf(1), "");
        await mesh.Said.UntilAsync(mesh.Everybody, maintenance);
        await mesh[1].Process.FreezeAsync(s_freeze);
        await LastAsync(2);
        File.Delete(mesh.MaintenanceOf(1));
        await SaidAndHealedAsync(mesh, mesh.Everybody, maintenance);
    }

    [Fact]
    public async Task A_host_whose_port_is_dead_is_gone_and_says_itself_that_it_is_cut_off()
    {
        var mesh = await shared.WellAsync();
        var (gone, uplink) = (new Claim("host.gone", mesh.Name(2)), new Claim("node.uplink", mesh.Name(2)));
        mesh.SetPort(2, new Fault { Drop = Pick.All });
        await mesh.Said.UntilAsync(mesh.AllBut(2), gone);
        await mesh.Said.UntilAsync([mesh.Name(2)], uplink);
        mesh.SetPort(2);
        await mesh.HealAsync();
        mesh.Said.AssertNothingBut(gone, uplink);
    }

    /// <summary>It was started anew to enter a control group; who learned of that late may say so once more.</summary>
    private static Claim Restarted(JudgingMesh mesh, int index) => new("host.restarted", mesh.Name(index));

    /// <summary>Lets a fault last: what has to be waited for here is that something is not said.</summary>
    private static Task LastAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));

    /// <summary>For how long tasks of this machine have waited for disks, as an agent tells it, s; NaN where its kernel does not.</summary>
    private static async Task<double> IoWaitAsync(JudgingMesh mesh) =>
        (await mesh[0].ScrapeAsync()).Find("meshpulse_host_pressure_seconds_total", ("scope", "host"), ("resource", "io"), ("tasks", "some"));

    /// <summary>So much of each half second; -1 or max for all of it.</summary>
    private static void Quota(ControlGroup group, string microseconds)
    {
        if (group.IsV2)
        {
            group.Set("cpu.max", $"{microseconds} 500000");
            return;
        }

        group.Set("cpu.cfs_period_us", "500000");
        group.Set("cpu.cfs_quota_us", microseconds);
    }

    /// <summary>Waits until these have said the first claim, and everything has healed; then fails where anybody has said anything but the claims.</summary>
    private static async Task SaidAndHealedAsync(JudgingMesh mesh, IReadOnlyList<string> observers, params IReadOnlyList<Claim> claims)
    {
        await mesh.Said.UntilAsync(observers, claims[0]);
        await mesh.HealAsync();
        mesh.Said.AssertNothingBut(claims);
    }
}
