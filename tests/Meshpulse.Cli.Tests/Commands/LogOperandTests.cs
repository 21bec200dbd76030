using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class LogOperandTests
{
    [Theory]
    [InlineData("logs/web1.log", "logs/web1.log", null, "web1")]
    [InlineData("web1=logs/a.log", "logs/a.log", "web1", "a")]
    [InlineData("./a=b", "./a=b", null, "a=b")]
    [InlineData("=b", "=b", null, "=b")]
    [InlineData("a=", "a=", null, "a=")]
    [InlineData("10.0.0.1", "10.0.0.1", null, "10.0.0.1")]
    [InlineData("10.0.0.1.txt", "10.0.0.1.txt", null, "10.0.0.1")]
    [InlineData("web1.out.2", "web1.out.2", null, "web1")]
    [InlineData("web1.fra", "web1.fra", null, "web1.fra")]
    [InlineData(".log", ".log", null, ".log")]
    public void A_word_is_a_file_and_may_say_whose(string word, string file, string? node, string nameOfFile)
    {
        var operand = LogOperand.Of(word);
        Assert.Equal((file, node, nameOfFile), (operand.FilePath, operand.Node, operand.NameOfFile));
    }
}
