using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Tests.Console;

public class ColourPolicyTests
{
    [Theory]
    [InlineData(true, "TERM=xterm", true)]
    [InlineData(true, "", true)]
    [InlineData(false, "TERM=xterm", false)]
    [InlineData(true, "TERM=dumb", false)]
    [InlineData(true, "NO_COLOR=1", false)]
    [InlineData(true, "NO_COLOR=0", false)]
    [InlineData(true, "NO_COLOR=", true)]
    [InlineData(false, "CLICOLOR_FORCE=1", true)]
    [InlineData(false, "CLICOLOR_FORCE=0", false)]
    [InlineData(false, "CLICOLOR_FORCE=", false)]
    [InlineData(true, "TERM=dumb CLICOLOR_FORCE=1", true)]
    [InlineData(true, "NO_COLOR=1 CLICOLOR_FORCE=1", false)]
    [InlineData(true, "CLICOLOR=0", false)]
    [InlineData(true, "CLICOLOR=1", true)]
    public void Colours_follow_terminal_and_environment(bool isTerminal, string environment, bool on)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);

        Assert.Equal(on, ColourPolicy.IsOn(isTerminal, variables.GetValueOrDefault));
    }
}
