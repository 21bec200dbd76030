using Meshpulse.Agent.Api;

namespace Meshpulse.Agent.Tests.Api;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ApiTokenTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_file_of_its_owner_alone_is_read()
    {
        File.WriteAllText(_file, "abcdefgh-01234567\n");
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var token = ApiToken.Read(_file);
        Assert.Equal("Bearer abcdefgh-01234567", token.Header);
        Assert.True(token.IsIn("bearer abcdefgh-01234567"));
        Assert.False(token.IsIn("Bearer abcdefgh-01234568"));
        Assert.False(token.IsIn("Bearer abcdefgh-0123456"));
        Assert.False(token.IsIn("Bearer "));
        Assert.False(token.IsIn(""));
        Assert.False(token.IsIn(null));
    }

    [Theory]
    [InlineData("abcdefgh-01234567", UnixFileMode.UserRead | UnixFileMode.GroupRead, "chmod 600")]
    [InlineData("short", UnixFileMode.UserRead | UnixFileMode.UserWrite, "16 to 512")]
    [InlineData("abcdefgh 01234567", UnixFileMode.UserRead | UnixFileMode.UserWrite, "16 to 512")]
    [InlineData("", UnixFileMode.UserRead | UnixFileMode.UserWrite, "16 to 512")]
    public void What_is_no_secret_is_refused_without_repeating_it(string content, UnixFileMode mode, string reason)
    {
        File.WriteAllText(_file, content);
        File.SetUnixFileMode(_file, mode);
        var error = Assert.Throws<ApiTokenException>(() => ApiToken.Read(_file));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(_file, error.Message, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !error.Message[_file.Length..].Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_so() =>
        Assert.Contains("no such file", Assert.Throws<ApiTokenException>(() => ApiToken.Read("/nowhere/token")).Message, StringComparison.Ordinal);
}
