using System.Diagnostics;
using System.Runtime.Versioning;
using Meshpulse.Agent.Reflecting;

namespace Meshpulse.Agent.Tests.Reflecting;

[SupportedOSPlatform("linux")]
public sealed class KeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-keys-").FullName;

    private string FilePath => Path.Combine(_folder, "keys");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("00ff", "00ff")]
    [InlineData("00ff\nAB\n", "00ff", "ab")]
    [InlineData("# ours\r\n\r\n  00FF # until May\r\n\t#\n01", "00ff", "01")]
    public void Each_line_is_a_key_in_its_order(string text, params string[] keys)
    {
        Write(text);
        var ring = KeyFile.Read(FilePath);
        Assert.Equal(keys, Enumerable.Range(0, ring.Count).Select(i => Convert.ToHexStringLower(ring[i].Bytes)));
    }

    [Fact]
    public void Sixteen_keys_of_64_bytes_are_taken_and_one_more_is_not()
    {
        var line = new string('a', 128) + "\n";
        Write(string.Concat(Enumerable.Repeat(line, 16)));
        Assert.Equal((16, 64), (KeyFile.Read(FilePath).Count, KeyFile.Read(FilePath)[15].Length));
        Write(string.Concat(Enumerable.Repeat(line, 17)));
        Assert.Equal($"{FilePath}:17: more than 16 keys", Refused());
    }

    [Theory]
    [InlineData("00\n0g", 2)]
    [InlineData("# a comment\n\n123", 3)]
    [InlineData("00 11", 1)]
    [InlineData("0x00", 1)]
    [InlineData("00\u00e9", 1)]
    public void A_line_that_is_no_key_is_named_and_not_repeated(string text, int line)
    {
        Write(text);
        Assert.Equal($"{FilePath}:{line}: not a key; it is 2 to 128 hexadecimal digits, an even number of them", Refused());
    }

    [Fact]
    public void A_key_that_is_too_long_is_none()
    {
        Write(new string('a', 130));
        Assert.StartsWith($"{FilePath}:1: not a key", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# 00ff\n\n")]
    public void Without_a_key_it_is_none(string text)
    {
        Write(text);
        Assert.Equal($"{FilePath}: there is no key in it; one stands on each line, in hexadecimal", Refused());
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead, "0644")]
    [InlineData(UnixFileMode.GroupWrite, "0620")]
    public void What_others_can_get_at_is_refused_with_the_cure(UnixFileMode more, string mode)
    {
        Write("00ff");
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        Assert.Equal($"{FilePath}: its mode is {mode}: others than its owner can get at the keys; chmod 600 {FilePath}", Refused());
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead);
        Assert.Equal(1, KeyFile.Read(FilePath).Count);
    }

    [Fact]
    public void What_is_no_file_to_read_is_told_and_never_waited_for()
    {
        Assert.Equal($"{FilePath}: no such file", Refused());
        using (var mkfifo = Process.Start("mkfifo", ["-m", "600", FilePath]))
        {
            mkfifo.WaitForExit();
        }

        Assert.StartsWith($"{FilePath}: can't be read", Refused(), StringComparison.Ordinal);
        File.Delete(FilePath);
        Write(new string('\n', KeyFile.MaxLength - 2) + "00");
        Assert.Equal(1, KeyFile.Read(FilePath).Count);
        Write(new string('\n', KeyFile.MaxLength - 1) + "00");
        Assert.StartsWith($"{FilePath}: can't be read", Refused(), StringComparison.Ordinal);
    }

    private void Write(string text)
    {
        File.WriteAllText(FilePath, text);
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Refused() => Assert.Throws<KeyFileException>(() => KeyFile.Read(FilePath)).Message;
}
