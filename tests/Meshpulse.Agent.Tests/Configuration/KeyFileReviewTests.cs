using System.Runtime.Versioning;
using Meshpulse.Agent.Configuration;
using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Tests.Configuration;

/// <summary>Files of keys are read with the file that names them.</summary>
[SupportedOSPlatform("linux")]
public sealed class KeyFileReviewTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-keyfiles-").FullName;

    private string FilePath => Path.Combine(_folder, "mesh.toml");

    private string Own => Path.Combine(_folder, "own");

    private string All => Path.Combine(_folder, "all");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keys_come_with_the_reading()
    {
        WriteKeys(Own, "00ff\n01\n");
        WriteKeys(All, "02\n");

        var load = Load();

        Assert.Empty(load.Errors);
        Assert.Equal(1, load.Value!.ReflectorKeys!.Count);
        Assert.Equal([2, 1], load.Value.ProbesFrom("a").Select(p => p.Keys!.Count));
        Assert.Equal("key of 2 bytes", load.Value.ProbesFrom("a")[0].Keys![0].ToString());
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_told_where_it_is_named_first()
    {
        WriteKeys(Own, "00ff\n0g\n");
        WriteKeys(All, "02\n");
        File.SetUnixFileMode(All, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Equal(
            [
                $"{FilePath}:1:18: stamp_key_file: {All}: its mode is 0440: others than its owner can get at the keys; chmod 600 {All}",
                $"{FilePath}:9:12: key_file: {Own}:2: not a key; it is 2 to 128 hexadecimal digits, an even number of them",
            ],
            Refused());
        File.Delete(Own);
        Assert.Equal($"{FilePath}:9:12: key_file: {Own}: no such file", Refused()[1]);
    }

    [Fact]
    public void They_are_told_beside_commands_that_can_not_be_filled() => Assert.Equal(
        ["1:18", "9:12", "22:11"],
        Refused("[[server]]\nname = \"b\"\nip = \"192.0.2.2\"\n[[analysis]]\nfrom = \"a\"\nto = \"b\"\nname = \"x\"\ncommand = \"mtr {{server.to.ip\"\nmin_loss = 1\n")
            .Select(error => string.Join(':', error[(FilePath.Length + 1)..].Split(':')[..2])));

    [Fact]
    public void The_next_reading_tells_changed_keys_from_the_same_ones_in_another_form()
    {
        WriteKeys(Own, "00ff\n");
        WriteKeys(All, "02\n");
        var first = Load().Value!;

        WriteKeys(Own, "# the same\n00FF\n");
        WriteKeys(All, "02\n03\n");
        var diff = LandscapeDiff.Between(first, Load().Value!, "a");

        Assert.Equal([Own], diff.Kept.Select(p => p.KeyFile));
        Assert.Equal([All], diff.Changed.Select(p => p.New.KeyFile));
        Assert.Equal((1, 2), (diff.Changed[0].Old.Keys!.Count, diff.Changed[0].New.Keys!.Count));
    }

    [Fact]
    public async Task A_reload_without_sound_keys_is_refused_and_what_was_in_force_stays()
    {
        WriteKeys(Own, "00ff\n");
        WriteKeys(All, "02\n");
        Assert.Empty(Load().Errors);
        var source = Source();
        await using var watch = new LandscapeWatch(source, source.Load(), (_, _) => { }, Timeout.InfiniteTimeSpan);
        File.Delete(All);

        Assert.Equal([$"{FilePath}:1:18: stamp_key_file: {All}: no such file"], (await watch.ReloadAsync("SIGHUP")).Errors);
        Assert.False(watch.LastReloadSuccessful);
        Assert.NotNull(watch.InForce.Value!.ReflectorKeys);

        WriteKeys(All, "03\n04\n");
        Assert.Empty((await watch.ReloadAsync("SIGHUP")).Errors);
        Assert.True(watch.LastReloadSuccessful);
        Assert.Equal(2, watch.InForce.Value!.ReflectorKeys!.Count);
    }

    [Fact]
    public void Files_that_nothing_uses_are_not_looked_at()
    {
        File.WriteAllText(FilePath, Landscapes.Of(4001) + "key_file = \"/nowhere/x\"\n[[check]]\nfrom = \"a\"\nto = \"a\"\ncheck = \"stamp\"\nkey_file = \"/nowhere/y\"\nauthenticated = false\n");

        var load = Source().Load();

        Assert.Empty(load.Errors);
        Assert.Equal(2, load.Warnings.Count);
        Assert.Null(load.Value!.ReflectorKeys);
    }

    private static void WriteKeys(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private LandscapeSource Source() => new(FilePath, Landscapes.Name);

    private string[] Refused(string more = "")
    {
        var load = Load(more);
        Assert.Null(load.Value);
        return [.. load.Errors];
    }

    /// <summary>A check with keys of its own, and one with those of all.</summary>
    private LandscapeLoad Load(string more = "")
    {
        const string Check = "[[check]]\nfrom = \"a\"\nto = \"a\"\ncheck = \"stamp\"\n";
        File.WriteAllText(
            FilePath,
            $"stamp_key_file = \"{All}\"\n[[server]]\nname = \"a\"\nip = \"192.0.2.1\"\n{Check}key_file = \"{Own}\"\n{Check}port = 862\n{more}");
        return Source().Load();
    }
}
