using System.Threading.Channels;
using Meshpulse.Agent.Configuration;

namespace Meshpulse.Agent.Tests.Configuration;

public sealed class LandscapeWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly WatchBench _bench = new();

    private LandscapeWatch Watch => _bench.Watch;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public void Without_a_change_nothing_is_told()
    {
        _bench.Rest();
        File.SetLastWriteTimeUtc(_bench.FilePath, DateTime.UnixEpoch);
        _bench.Rest();
        Replace(Landscapes.Of(4000));
        _bench.Rest();

        Assert.Empty(_bench.Told);
        Assert.True(Watch.LastReloadSuccessful);
        Assert.Equal((0, 0), (Watch.Reloads, Watch.Refusals));
        Assert.True(Watch.LastSuccess.Nanoseconds > 0);
    }

    [Fact]
    public void A_change_is_told_once_and_only_when_it_has_rested()
    {
        _bench.Write(4001);

        Assert.False(_bench.Look());
        Assert.False(_bench.Look(after: 249));
        Assert.Empty(_bench.Told);
        Assert.True(_bench.Look(after: 1));
        Assert.Equal(("the file changed", 4001), (_bench.Told[0].Cause, _bench.Told[0].Load.Value!.Settings.Port));
        _bench.Rest();
        Assert.Single(_bench.Told);
        Assert.Equal((true, 1, 0, 4001), (Watch.LastReloadSuccessful, Watch.Reloads, Watch.Refusals, Watch.InForce.Value!.Settings.Port));
    }

    [Fact]
    public void What_is_written_bit_by_bit_is_never_taken_half()
    {
        var text = Landscapes.Of(4001) + "# the end\n";
        for (var length = 0; length < text.Length; length++)
        {
            // A configuration that is sound without its last lines, and a writer that is seen at every step.
            File.WriteAllText(_bench.FilePath, text[..length]);
            _bench.Look(after: 200);
            if (length % 20 == 19)
            {
                _bench.Write(4000);
                Assert.True(_bench.Look(after: 200));
            }
        }

        Assert.Empty(_bench.Told);
        File.WriteAllText(_bench.FilePath, text);
        Assert.Equal(4001, _bench.RestAndTake().Value!.Settings.Port);
    }

    [Fact]
    public void A_change_that_is_taken_back_in_time_is_none()
    {
        _bench.Write(4001);
        Assert.False(_bench.Look());
        _bench.Write(4000);
        _bench.Rest();
        _bench.Write(4001);
        Assert.False(_bench.Look());

        Assert.Empty(_bench.Told);
    }

    [Fact]
    public void A_change_with_the_old_length_and_time_is_seen()
    {
        var time = File.GetLastWriteTimeUtc(_bench.FilePath);
        _bench.Write(4001);
        File.SetLastWriteTimeUtc(_bench.FilePath, time);

        Assert.Equal(4001, _bench.RestAndTake().Value!.Settings.Port);
    }

    [Fact]
    public void A_file_that_is_moved_over_it_is_seen()
    {
        Replace(Landscapes.Of(4001));

        Assert.Equal(4001, _bench.RestAndTake().Value!.Settings.Port);
    }

    [Fact]
    public async Task Links_that_lead_elsewhere_are_seen()
    {
        // As Kubernetes mounts a ConfigMap: mesh.toml -> ..data/mesh.toml, ..data -> a folder, and ..data is replaced.
        var folder = Directory.CreateDirectory(Path.Combine(_bench.Folder, "mount")).FullName;
        var (data, file) = (Path.Combine(folder, "..data"), Path.Combine(folder, "mesh.toml"));
        await PublishAsync("..one", 4000);
        File.CreateSymbolicLink(file, Path.Combine("..data", "mesh.toml"));
        var source = new LandscapeSource(file, Landscapes.Name);
        var told = new List<LandscapeLoad>();
        await using var watch = new LandscapeWatch(source, source.Load(), (load, _) => told.Add(load), Timeout.InfiniteTimeSpan);
        await PublishAsync("..two", 4001);

        watch.Look(new(0));
        watch.Look(new(250_000_000));

        Assert.Equal(4001, Assert.Single(told).Value!.Settings.Port);

        async Task PublishAsync(string name, int port)
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, "mesh.toml"), Landscapes.Of(port));
            File.CreateSymbolicLink(data + "_tmp", name);
            // What File.Move refuses for a link to a folder.
            await Landscapes.RunAsync("mv", "-T", data + "_tmp", data);
        }
    }

    [Fact]
    public void A_bad_file_is_refused_once_and_the_old_one_stays()
    {
        File.WriteAllText(_bench.FilePath, "prt = 1\n" + Landscapes.Of(4001));

        var refused = _bench.RestAndTake();

        Assert.Null(refused.Value);
        Assert.Equal([$"{_bench.FilePath}:1:1: unknown key 'prt' at the top level; did you mean 'port'?"], refused.Errors);
        Assert.Equal((false, 0, 1, 4000), (Watch.LastReloadSuccessful, Watch.Reloads, Watch.Refusals, Watch.InForce.Value!.Settings.Port));
        _bench.Rest();
        Assert.Empty(_bench.Told);

        File.WriteAllText(_bench.FilePath, "prt = 2\n");
        Assert.Null(_bench.RestAndTake().Value);
        Assert.Equal(2, Watch.Refusals);
    }

    [Fact]
    public void The_old_content_again_is_a_success_and_no_reload()
    {
        var success = Watch.LastSuccess;
        File.WriteAllText(_bench.FilePath, "x");
        _bench.RestAndTake();
        Assert.False(Watch.LastReloadSuccessful);

        _bench.Write(4000);
        _bench.Rest();

        Assert.Empty(_bench.Told);
        Assert.Equal((true, success, 0, 1), (Watch.LastReloadSuccessful, Watch.LastSuccess, Watch.Reloads, Watch.Refusals));
        File.WriteAllText(_bench.FilePath, "x");
        Assert.Null(_bench.RestAndTake().Value);
    }

    [Fact]
    public async Task Whatever_comes_to_stand_there_is_told_once_and_left_again()
    {
        var target = Path.Combine(_bench.Folder, "target");
        await Landscapes.RunAsync("mkfifo", target);
        (Action Put, string Problem)[] cases =
        [
            (() => { }, "no such file"),
            (() => Directory.CreateDirectory(_bench.FilePath), "this is a folder; give a file"),
            (() => File.CreateSymbolicLink(_bench.FilePath, target), "this is no regular file"),
            (() => File.CreateSymbolicLink(_bench.FilePath, "/dev/zero"), "this is no regular file"),
            (() => File.CreateSymbolicLink(_bench.FilePath, _bench.FilePath), "no such file"),
            (() => File.WriteAllBytes(_bench.FilePath, new byte[5 * 1024 * 1024]), "it is longer than 4194304 bytes"),
        ];
        foreach (var (put, problem) in cases)
        {
            Clear();
            put();
            Assert.Equal([$"{_bench.FilePath}: {problem}"], _bench.RestAndTake().Errors);
            Assert.False(Watch.LastReloadSuccessful);
            _bench.Rest();
            Assert.Empty(_bench.Told);
            Clear();
            _bench.Write(4000);
            _bench.Rest();
            Assert.True(Watch.LastReloadSuccessful, problem);
            Assert.Empty(_bench.Told);
        }
    }

    [Fact]
    public void A_file_that_never_rests_is_refused_once_until_it_does()
    {
        for (var look = 0; look < 200; look++)
        {
            _bench.Write(5000 + look);
            _bench.Look();
        }

        Assert.Equal([$"{_bench.FilePath}: it does not stop changing"], Assert.Single(_bench.Told).Load.Errors);
        Assert.Equal((false, 4000), (Watch.LastReloadSuccessful, Watch.InForce.Value!.Settings.Port));
        _bench.Told.Clear();
        Assert.Equal(5199, _bench.RestAndTake().Value!.Settings.Port);
        Assert.True(Watch.LastReloadSuccessful);
    }

    [Fact]
    public async Task On_demand_it_is_read_at_once_and_always_told()
    {
        var load = await Watch.ReloadAsync("SIGHUP");
        Assert.Equal((load, "SIGHUP"), Assert.Single(_bench.Told));
        Assert.Equal((4000, 1), (load.Value!.Settings.Port, Watch.Reloads));

        _bench.Write(4001);
        Assert.Equal(4001, (await Watch.ReloadAsync("POST /-/reload")).Value!.Settings.Port);
        File.Delete(_bench.FilePath);
        Assert.Null((await Watch.ReloadAsync("SIGHUP")).Value);
        Assert.Null((await Watch.ReloadAsync("SIGHUP")).Value);
        Assert.Equal((4, false, 2, 2), (_bench.Told.Count, Watch.LastReloadSuccessful, Watch.Reloads, Watch.Refusals));

        // What was told on demand is no news to the next look, and a look that was waiting for rest is done with.
        _bench.Rest();
        Assert.Equal(4, _bench.Told.Count);
        _bench.Write(4002);
        Assert.False(_bench.Look());
        await Watch.ReloadAsync("SIGHUP");
        Assert.True(_bench.Look());
        Assert.Equal(5, _bench.Told.Count);
    }

    [Fact]
    public async Task The_listener_is_never_called_twice_at_once()
    {
        var (inside, most, calls) = (0, 0, 0);
        await using var watch = new LandscapeWatch(
            _bench.Source,
            Watch.InForce,
            (_, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                calls++;
                Thread.Yield();
                Interlocked.Decrement(ref inside);
            },
            TimeSpan.FromMilliseconds(1));

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => watch.ReloadAsync("SIGHUP"))).WaitAsync(Hang);

        Assert.Equal((1, 64, 64), (most, calls, watch.Reloads));
    }

    [Fact]
    public async Task After_its_end_nothing_is_told()
    {
        await Watch.DisposeAsync();
        await Watch.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Watch.ReloadAsync("SIGHUP"));
        _bench.Write(4001);
        _bench.Look();
        _bench.Look();
        Assert.Empty(_bench.Told);
    }

    [Fact]
    public void A_refused_reading_is_nothing_to_begin_with()
    {
        File.WriteAllText(_bench.FilePath, "x");

        Assert.Throws<ArgumentException>(() => new LandscapeWatch(_bench.Source, _bench.Source.Load(), (_, _) => { }));
    }

    [Fact]
    public async Task It_looks_by_itself()
    {
        var told = Channel.CreateUnbounded<(LandscapeLoad Load, string Cause)>();
        await using var watch = new LandscapeWatch(_bench.Source, Watch.InForce, (load, cause) => told.Writer.TryWrite((load, cause)));
        using var limit = new CancellationTokenSource(Hang);

        // All at once: half written, and the writer kept from the processor, it might rest long enough to be read.
        Replace(Landscapes.Of(4001));
        Assert.Equal(4001, (await told.Reader.ReadAsync(limit.Token)).Load.Value!.Settings.Port);
        File.Delete(_bench.FilePath);
        Assert.Equal([$"{_bench.FilePath}: no such file"], (await told.Reader.ReadAsync(limit.Token)).Load.Errors);
    }

    /// <summary>Anything in any order; what is told is always what stood there for 250 ms, and what stands there counts in the end.</summary>
    [Fact]
    public void Whatever_happens_only_what_rested_is_told()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            string? text = Landscapes.Of(4000);
            var age = 0;
            for (var step = 0; step < 60; step++)
            {
                if (random.Next(3) == 0)
                {
                    var changed = Change(random);
                    age = changed == text ? age : 0;
                    text = changed;
                }

                var wait = random.Next(0, 400);
                age += wait;
                _bench.Look(wait);
                foreach (var (load, _) in _bench.Told)
                {
                    Assert.True(age >= 250 && load.Content.IsSame(text is null ? [] : System.Text.Encoding.UTF8.GetBytes(text), text is null ? "no such file" : null), $"seed {seed}, step {step}");
                }

                _bench.Told.Clear();
            }

            _bench.Write(4000);
            _bench.Rest();
            Assert.True(Watch.LastReloadSuccessful && Watch.InForce.Value!.Settings.Port == 4000, $"seed {seed}");
            _bench.Told.Clear();
        }

        Assert.True(Watch is { Reloads: > 50, Refusals: > 50 }, $"{Watch.Reloads} reloads and {Watch.Refusals} refusals are too few to say anything");
    }

    /// <summary>Takes away what stands there: writing would go through a link to what is behind it.</summary>
    private void Clear()
    {
        if (Directory.Exists(_bench.FilePath))
        {
            Directory.Delete(_bench.FilePath);
        }
        else
        {
            File.Delete(_bench.FilePath);
        }
    }

    private string? Change(Random random)
    {
        var text = Landscapes.Of(4000 + random.Next(3));
        switch (random.Next(4))
        {
            case 0:
                File.Delete(_bench.FilePath);
                return null;
            case 1:
                text = text[..random.Next(text.Length)];
                File.WriteAllText(_bench.FilePath, text);
                return text;
            case 2:
                Replace(text);
                return text;
            default:
                File.WriteAllText(_bench.FilePath, text);
                return text;
        }
    }

    private void Replace(string text)
    {
        var beside = Path.Combine(_bench.Folder, "beside");
        File.WriteAllText(beside, text);
        File.Move(beside, _bench.FilePath, overwrite: true);
    }
}
