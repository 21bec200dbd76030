using System.Diagnostics;
using System.Text;
using Meshpulse.Agent.Maintenance;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Maintenance;

public sealed class MaintenanceFileTests : IDisposable
{
    private static readonly WallTime Now = new(1_800_000_000_123_000_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-maintenance-").FullName;
    private readonly string _path;
    private readonly MaintenanceFile _file;

    public MaintenanceFileTests()
    {
        _path = Path.Combine(_folder, "m");
        _file = new MaintenanceFile(_path);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void No_file_is_no_maintenance_and_an_empty_one_is_without_end()
    {
        Assert.Equal(MaintenanceState.Off, _file.Read(Now));
        File.WriteAllText(_path, "");
        Assert.Equal(MaintenanceState.On, _file.Read(Now));
        File.Delete(_path);
        Assert.Equal(MaintenanceState.Off, _file.Read(Now));
        Assert.Equal("/tmp/mehsh_maintenance", MaintenanceFile.DefaultPath);
    }

    [Fact]
    public void It_ends_by_itself_and_the_file_with_it()
    {
        var until = Now + Duration.FromSeconds(1800);
        var state = _file.TurnOn("kernel \"update\" größer", until, Now);

        Assert.Equal(new MaintenanceState(true, "kernel \"update\" größer", Now, until), state);
        Assert.Equal(state, _file.Read(Now));
        Assert.Equal(state, _file.Read(until - Duration.FromMilliseconds(1)));
        Assert.True(File.Exists(_path));
        Assert.Equal(MaintenanceState.Off, _file.Read(until));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void On_replaces_what_was_there_and_off_removes_it()
    {
        File.WriteAllText(Path.Combine(_folder, "theirs"), "precious");
        File.CreateSymbolicLink(_path, "theirs");

        _file.TurnOn(null, null, Now);

        Assert.Equal("precious", File.ReadAllText(Path.Combine(_folder, "theirs")));
        Assert.Equal(new MaintenanceState(true, null, Now), _file.Read(Now));
        Assert.Equal((UnixFileMode)0b110_100_100, new FileInfo(_path).UnixFileMode);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
        Assert.True(_file.TurnOff());
        Assert.False(_file.TurnOff());
        Assert.Equal(MaintenanceState.Off, _file.Read(Now));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"until\": 5}")]
    [InlineData("{\"until\": \"yesterday\"}")]
    [InlineData("{\"until\": \"0001-01-01T00:00:00Z\"}")]
    [InlineData("{\"until\": \"9999-12-31T23:59:59Z\"}")]
    [InlineData("{\"reason\": {\"a\": 1}}")]
    [InlineData("{\"reason\": \"\\ud800\"}")]
    public void What_is_not_ours_means_without_end(string content)
    {
        File.WriteAllText(_path, content);

        Assert.Equal(MaintenanceState.On, _file.Read(Now));
        Assert.True(File.Exists(_path));
    }

    [Fact]
    public void Any_bytes_mean_on_unless_they_tell_of_an_end_in_the_past()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var bytes = Encoding.UTF8.GetBytes("{\"reason\":\"text\",\"since\":\"2030-01-01T00:00:00Z\",\"until\":\"2030-01-02T00:00:00Z\"}");
            for (var i = random.Next(0, 4); i >= 0; i--)
            {
                bytes[random.Next(0, 70)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(_path, bytes);
            Assert.True(_file.Read(Now).IsOn, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Whatever_stands_there_means_on_and_holds_up_nobody()
    {
        Directory.CreateDirectory(_path);
        Assert.Equal(MaintenanceState.On, _file.Read(Now));
        Assert.Throws<IOException>(() => _file.TurnOn(null, null, Now));
        Assert.Throws<IOException>(() => _file.TurnOff());
        Directory.Delete(_path);

        using (var mkfifo = Process.Start("mkfifo", [_path]))
        {
            await mkfifo.WaitForExitAsync();
        }

        Assert.Equal(MaintenanceState.On, _file.Read(Now));
        Assert.True(_file.TurnOff());

        File.CreateSymbolicLink(_path, "/dev/zero");
        Assert.Equal(MaintenanceState.On, _file.Read(Now));
        File.Delete(_path);

        File.WriteAllText(_path, "{\"until\":\"2001-01-01T00:00:00Z\"}" + new string(' ', 1 << 20));
        Assert.Equal(MaintenanceState.On, _file.Read(Now));
    }

    [Fact]
    public void A_reason_can_not_forge_lines()
    {
        File.WriteAllText(_path, "{\"reason\": \"a\\nb\\u001b[2J" + new string('x', 300) + "\"}");

        Assert.Equal("a?b?[2J" + new string('x', 193), _file.Read(Now).Reason);
    }

    [Fact]
    public void Nothing_is_left_where_the_file_can_not_be_made()
    {
        Assert.ThrowsAny<IOException>(() => new MaintenanceFile(Path.Combine(_folder, "no/such/folder/m")).TurnOn(null, null, Now));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
