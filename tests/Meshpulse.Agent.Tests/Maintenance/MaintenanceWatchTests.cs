using System.Threading.Channels;
using Meshpulse.Agent.Maintenance;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Tests.Maintenance;

public sealed class MaintenanceWatchTests : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-watch-").FullName;
    private readonly Channel<MaintenanceState> _changes = Channel.CreateUnbounded<MaintenanceState>();

    private string FilePath => Path.Combine(_folder, "m");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_change_is_told_once()
    {
        var file = new MaintenanceFile(FilePath);
        await using var watch = new MaintenanceWatch(file, state => _changes.Writer.TryWrite(state));
        Assert.False(watch.State.IsOn);

        File.WriteAllText(FilePath, "");
        Assert.Equal(MaintenanceState.On, await NextAsync());
        Assert.Equal(MaintenanceState.On, watch.State);

        var planned = file.TurnOn("reason", null, SystemClocks.Wall());
        Assert.Equal("reason", (await NextAsync()).Reason);
        Assert.True(planned.IsOn);

        File.Delete(FilePath);
        Assert.Equal(MaintenanceState.Off, await NextAsync());
        Assert.False(_changes.Reader.TryRead(out _));
    }

    [Fact]
    public async Task The_end_comes_by_itself()
    {
        var file = new MaintenanceFile(FilePath);
        var now = SystemClocks.Wall();
        file.TurnOn(null, now + Duration.FromSeconds(4), now);
        await using var watch = new MaintenanceWatch(file, state => _changes.Writer.TryWrite(state));

        Assert.Equal(MaintenanceState.Off, await NextAsync());
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public async Task It_is_on_from_the_start_and_stops_when_asked()
    {
        File.WriteAllText(FilePath, "");
        var watch = new MaintenanceWatch(new MaintenanceFile(FilePath), state => _changes.Writer.TryWrite(state));
        Assert.True(watch.State.IsOn);

        await watch.DisposeAsync().AsTask().WaitAsync(Hang);
        await watch.DisposeAsync();

        Assert.False(_changes.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Another_file_counts_at_once_and_the_old_one_no_more()
    {
        var (first, second) = (new MaintenanceFile(FilePath), new MaintenanceFile(FilePath + "2"));
        first.TurnOn("first", null, SystemClocks.Wall());
        await using var watch = new MaintenanceWatch(first, state => _changes.Writer.TryWrite(state));

        watch.ChangeFile(second);
        Assert.False(watch.State.IsOn);
        Assert.True(_changes.Reader.TryRead(out var told));
        Assert.Equal(MaintenanceState.Off, told);

        first.TurnOn("again", null, SystemClocks.Wall());
        second.TurnOn("second", null, SystemClocks.Wall());
        Assert.Equal("second", (await NextAsync()).Reason);
        watch.ChangeFile(second);
        Assert.False(_changes.Reader.TryRead(out _));

        watch.ChangeFile(first);
        Assert.Equal("again", watch.State.Reason);
    }

    [Fact]
    public async Task After_its_end_another_file_is_nothing()
    {
        var watch = new MaintenanceWatch(new MaintenanceFile(FilePath + "2"), state => _changes.Writer.TryWrite(state));
        await watch.DisposeAsync();
        File.WriteAllText(FilePath, "");

        watch.ChangeFile(new MaintenanceFile(FilePath));

        Assert.False(watch.State.IsOn);
        Assert.False(_changes.Reader.TryRead(out _));
    }

    private async Task<MaintenanceState> NextAsync()
    {
        using var limit = new CancellationTokenSource(Hang);
        return await _changes.Reader.ReadAsync(limit.Token);
    }
}
