using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

/// <summary>A command line taken by <see cref="CommandRunner"/> in this process, and what became of it.</summary>
internal sealed record Line(int ExitCode, MeshArguments? Mesh, CheckArguments? Check, ProbeArguments? Probe, bool Demo, string Output, string Error)
{
    public const int MeshExitCode = 41;
    public const int DemoExitCode = 42;
    public const int CheckExitCode = 43;
    public const int ProbeExitCode = 44;

    /// <summary>Splits at blanks; <c>''</c> is the empty word.</summary>
    public static Task<Line> Of(string words, string invokedAs = "meshpulse") =>
        Of([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w == "''" ? "" : w)], invokedAs);

    public static async Task<Line> Of(string[] arguments, string invokedAs = "meshpulse")
    {
        MeshArguments? mesh = null;
        CheckArguments? check = null;
        ProbeArguments? probe = null;
        var demo = false;
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new CommandRunner
        {
            InvokedAs = invokedAs,
            Output = output,
            Error = error,
            Mesh = (asked, _) =>
            {
                mesh = asked;
                return Task.FromResult(MeshExitCode);
            },
            Check = (asked, _) =>
            {
                check = asked;
                return Task.FromResult(CheckExitCode);
            },
            Probe = (asked, _) =>
            {
                probe = asked;
                return Task.FromResult(ProbeExitCode);
            },
            Demo = _ =>
            {
                demo = true;
                return Task.FromResult(DemoExitCode);
            },
        }.RunAsync(arguments, CancellationToken.None);
        return new Line(code, mesh, check, probe, demo, output.ToString(), error.ToString());
    }

    /// <summary>The arguments of a line that has to be right.</summary>
    public static async Task<MeshArguments> Accepted(string words)
    {
        var line = await Of(words);
        Assert.Equal("", line.Error);
        Assert.Equal(MeshExitCode, line.ExitCode);
        return line.Mesh!;
    }
}
