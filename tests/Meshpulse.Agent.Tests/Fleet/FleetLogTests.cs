using System.Text.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Tests.Fleet;

public sealed class FleetLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-log").FullName;

    private string Log => Path.Combine(_folder, "log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Slices_and_changes_are_lines_and_what_was_there_stays()
    {
        using (var log = new FleetLog(Log))
        {
            log.Write(TestFleet.Slice("a", 1));
        }

        using (var log = new FleetLog(Log))
        {
            log.Write(new VerdictChange(VerdictChangeKind.Recurred, new Verdict("7", VerdictKind.HostGone, VerdictPlace.Host("b"), default, null, 1)), new(1_800_000_000_000_000_000));
        }

        var lines = File.ReadAllLines(Log).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(2, lines.Count);
        Assert.Equal(1, lines[0].GetProperty("slice").GetProperty("number").GetInt32());
        Assert.Equal(("recurred", "host.gone", "2027-01-15T08:00:00.000000Z"), (lines[1].GetProperty("change").GetString(), lines[1].GetProperty("verdict").GetProperty("what").GetString(), lines[1].GetProperty("at").GetString()));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Log) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void It_is_turned_at_its_size()
    {
        using var log = new FleetLog(Log, size: 1_000);
        for (var number = 1; number <= 100; number++)
        {
            log.Write(TestFleet.Slice("a", number));
        }

        Assert.Equal(["log", "log.1"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(_folder), f => Assert.InRange(new FileInfo(f).Length, 1, 1_000));
        var numbers = File.ReadAllLines(Log + ".1").Concat(File.ReadAllLines(Log)).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("slice").GetProperty("number").GetInt64()).ToList();
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(100, numbers[^1]);
        Assert.Equal(0, log.Lost);
    }

    [Fact]
    public void A_disk_that_fails_costs_lines()
    {
        using var log = new FleetLog("/dev/full");
        log.Write(TestFleet.Slice("a", 1));
        Assert.Equal(1, log.Lost);
    }
}
