using System.Text;
using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

public class InvocationNameTests
{
    [Theory]
    [InlineData("/opt/meshpulse/meshmonitor\0-p\05\0", "meshmonitor")]
    [InlineData("meshpulse\0", "meshpulse")]
    [InlineData("./mehsh_check\0/x/y\0", "mehsh_check")]
    [InlineData("meshmonitor", "meshmonitor")]
    [InlineData("", "meshpulse")]
    [InlineData("\0x\0", "meshpulse")]
    [InlineData("/usr/bin/\0x\0", "meshpulse")]
    public void The_name_is_the_last_part_of_the_first_argument(string commandLine, string name) =>
        Assert.Equal(name, InvocationName.FromCommandLine(Encoding.UTF8.GetBytes(commandLine)));

    [Theory]
    [InlineData("meshmonitor", "meshmonitor")]
    [InlineData("mehsh_check", "mehsh_check")]
    [InlineData("meshpulse", "meshpulse")]
    [InlineData("mp", "meshpulse")]
    public void Only_a_name_with_a_meaning_is_shown(string invokedAs, string shown) => Assert.Equal(shown, InvocationName.Shown(invokedAs));

    [Fact]
    public void This_process_has_a_name() =>
        Assert.Equal(Path.GetFileName(Environment.GetCommandLineArgs()[0]).Replace(".dll", ""), InvocationName.Read());
}
