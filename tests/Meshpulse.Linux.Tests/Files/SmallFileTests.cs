using System.Diagnostics;
using Meshpulse.Linux.Files;

namespace Meshpulse.Linux.Tests.Files;

public sealed class SmallFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-small-").FullName;
    private readonly byte[] _buffer = new byte[16];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    public void A_short_regular_file_is_read(int length)
    {
        File.WriteAllBytes(At("f"), [.. Enumerable.Range(0, length).Select(i => (byte)i)]);

        var state = SmallFile.Read(At("f"), _buffer);

        Assert.True(state.Exists);
        Assert.Equal(length, state.Length);
        Assert.Equal(Enumerable.Range(0, length), _buffer[..length].Select(b => (int)b));
    }

    [Fact]
    public async Task What_is_no_short_regular_file_merely_exists()
    {
        File.WriteAllBytes(At("long"), new byte[17]);
        Directory.CreateDirectory(At("directory"));
        using (var mkfifo = Process.Start("mkfifo", [At("fifo")]))
        {
            await mkfifo.WaitForExitAsync();
        }

        File.CreateSymbolicLink(At("zero"), "/dev/zero");

        foreach (var name in new[] { "long", "directory", "fifo", "zero" })
        {
            var state = SmallFile.Read(At(name), _buffer);
            Assert.True(state is { Exists: true, Length: null }, name);
        }
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.SetGroup)]
    public void Its_mode_is_told(UnixFileMode mode)
    {
        File.WriteAllText(At("m"), "x");
        File.SetUnixFileMode(At("m"), mode);

        Assert.Equal((int)mode, SmallFile.Read(At("m"), _buffer).Mode);
    }

    [Fact]
    public void What_is_not_there_does_not_exist()
    {
        File.CreateSymbolicLink(At("dangling"), At("nothing"));
        File.CreateSymbolicLink(At("loop"), At("loop"));

        foreach (var name in new[] { "nothing", "dangling", "loop", "no/such/folder" })
        {
            Assert.Equal(default, SmallFile.Read(At(name), _buffer));
        }
    }

    [Fact]
    public void A_file_put_in_anothers_place_is_another()
    {
        File.WriteAllText(At("a"), "x");
        File.WriteAllText(At("b"), "x");
        var (a, b) = (SmallFile.Read(At("a"), _buffer), SmallFile.Read(At("b"), _buffer));

        File.Move(At("b"), At("a"), overwrite: true);

        Assert.NotEqual(a.Inode, b.Inode);
        Assert.Equal(b, SmallFile.Read(At("a"), _buffer));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
