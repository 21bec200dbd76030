using System.Runtime.Versioning;
using Meshpulse.Agent.Sounding;

namespace Meshpulse.Agent.Tests.Sounding;

[SupportedOSPlatform("linux")]
public sealed class ProbeKeysTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keys_stand_one_on_a_line()
    {
        var ring = ProbeKeys.Read(Write("# both until Friday\n00ff # new\n\n  0a0B\r\n", UnixFileMode.UserRead));
        Assert.Equal(2, ring.Count);
        Assert.Equal([0, 0xff], ring[0].Bytes.ToArray());
        Assert.Equal([0x0a, 0x0b], ring[1].Bytes.ToArray());
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_read_is_refused(UnixFileMode mode)
    {
        var path = Write("00ff\n", mode);
        Assert.Equal($"{path}: the group or others can read it, so it keeps no secret; chmod 600 it", Assert.Throws<IOException>(() => ProbeKeys.Read(path)).Message);
    }

    [Theory]
    [InlineData("", "no key in it")]
    [InlineData("# nothing\n", "no key in it")]
    [InlineData("00ff\nxyz\n", "not a key; it is 2 to 128 hexadecimal digits, two for each byte")]
    public void What_is_wrong_is_said_without_the_key(string text, string problem)
    {
        var path = Write(text, UnixFileMode.UserRead);
        var message = Assert.Throws<IOException>(() => ProbeKeys.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.EndsWith(problem, message, StringComparison.Ordinal);
        Assert.DoesNotContain("xyz", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Equal("/nowhere/keys: no such file", Assert.Throws<IOException>(() => ProbeKeys.Read("/nowhere/keys")).Message);

    private string Write(string text, UnixFileMode mode)
    {
        var path = Path.Combine(_folder, "keys");
        File.WriteAllText(path, text);
        new FileInfo(path).UnixFileMode = mode;
        return path;
    }
}
