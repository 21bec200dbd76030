using System.Text;
using Meshpulse.Linux.Files;

namespace Meshpulse.Linux.Tests.Files;

public sealed class PinnedDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-pinned-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Directories_and_files_are_made_for_their_owner_alone()
    {
        using var top = PinnedDirectory.Open(Path.Combine(_folder, "a/b"));
        using var below = top.Descend("c");
        using (var file = below.TryCreate("x.txt"))
        {
            RandomAccess.Write(file!, "text"u8, 0);
        }

        var path = Path.Combine(_folder, "a/b/c/x.txt");
        Assert.Equal("text", File.ReadAllText(path, Encoding.UTF8));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal(["x.txt"], Directory.GetFiles(below.HeldPath).Select(Path.GetFileName));
        Assert.Null(below.TryCreate("x.txt"));
    }

    [Fact]
    public void No_symbolic_link_is_followed()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), elsewhere);
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        using var top = PinnedDirectory.Open(Path.Combine(_folder, "top"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "top/link"), elsewhere);
        File.CreateSymbolicLink(Path.Combine(_folder, "top/x.txt"), Path.Combine(elsewhere, "planted"));

        Refused("link", () => PinnedDirectory.Open(Path.Combine(_folder, "link")));
        Refused("link", () => PinnedDirectory.Open(Path.Combine(_folder, "link/")));
        Refused("file", () => PinnedDirectory.Open(Path.Combine(_folder, "file")));
        Refused("top/link", () => top.Descend("link"));
        Assert.Null(top.TryCreate("x.txt"));
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));

        void Refused(string name, Func<IDisposable> open) =>
            Assert.Equal($"{_folder}/{name}: is a symbolic link or no directory", Assert.Throws<IOException>(open).Message);
    }

    [Fact]
    public void What_was_put_in_the_place_of_a_held_directory_gets_nothing()
    {
        using var held = PinnedDirectory.Open(Path.Combine(_folder, "held"));
        Directory.Move(Path.Combine(_folder, "held"), Path.Combine(_folder, "moved"));
        Directory.CreateDirectory(Path.Combine(_folder, "held"));

        held.TryCreate("x")!.Dispose();

        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "held")));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "moved")));
        Assert.Single(Directory.GetFiles(held.HeldPath));
    }

    [Fact]
    public void A_directory_of_ours_that_others_may_write_to_is_put_right()
    {
        var path = Directory.CreateDirectory(Path.Combine(_folder, "open")).FullName;
        File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);

        PinnedDirectory.Open(path).Dispose();

        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_directory_of_somebody_else_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a directory away");
        var path = Directory.CreateDirectory(Path.Combine(_folder, "theirs")).FullName;
        using var chown = System.Diagnostics.Process.Start("chown", ["1234", path]);
        await chown.WaitForExitAsync();
        Assert.Equal(0, chown.ExitCode);

        var refused = Assert.Throws<IOException>(() => PinnedDirectory.Open(path));

        Assert.Equal($"{path}: belongs to user 1234, who could lead what is written there elsewhere", refused.Message);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData("a\0b")]
    public void A_path_is_no_name(string name)
    {
        using var top = PinnedDirectory.Open(_folder);

        Assert.Throws<ArgumentException>(() => top.Descend(name));
        Assert.Throws<ArgumentException>(() => top.TryCreate(name));
    }
}
