using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

/// <summary>A command line taken by <see cref="CommandRunner"/> in this process, and what became of it.</summary>
internal sealed record Line(
    int ExitCode, MeshArguments? Mesh, CheckArguments? Check, ReflectArguments? Reflect, ProbeArguments? Probe, TraceArguments? Trace, DiagnoseArguments? Diagnose, StatusArguments? Status,
    MatrixArguments? Matrix, TopArguments? Top, bool Demo, string Output, string Error)
{
    public const int MeshExitCode = 41;
    public const int DemoExitCode = 42;
    public const int CheckExitCode = 43;
    public const int ReflectExitCode = 44;
    public const int ProbeExitCode = 45;
    public const int TraceExitCode = 46;
    public const int DiagnoseExitCode = 47;
    public const int StatusExitCode = 48;
    public const int MatrixExitCode = 49;
    public const int TopExitCode = 50;

    /// <summary>Splits at blanks; <c>''</c> is the empty word.</summary>
    public static Task<Line> Of(string words, string invokedAs = "meshpulse") =>
        Of([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w == "''" ? "" : w)], invokedAs);

    public static async Task<Line> Of(string[] arguments, string invokedAs = "meshpulse")
    {
        MeshArguments? mesh = null;
        CheckArguments? check = null;
        ReflectArguments? reflect = null;
        ProbeArguments? probe = null;
        TraceArguments? trace = null;
        DiagnoseArguments? diagnose = null;
        StatusArguments? status = null;
        MatrixArguments? matrix = null;
        TopArguments? top = null;
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
            Reflect = (asked, _) =>
            {
                reflect = asked;
                return Task.FromResult(ReflectExitCode);
            },
            Probe = (asked, _) =>
            {
                probe = asked;
                return Task.FromResult(ProbeExitCode);
            },
            Trace = (asked, _) =>
            {
                trace = asked;
                return Task.FromResult(TraceExitCode);
            },
            Diagnose = (asked, _) =>
            {
                diagnose = asked;
                return Task.FromResult(DiagnoseExitCode);
            },
            Status = (asked, _) =>
            {
                status = asked;
                return Task.FromResult(StatusExitCode);
            },
            Matrix = (asked, _) =>
            {
                matrix = asked;
                return Task.FromResult(MatrixExitCode);
            },
            Top = (asked, _) =>
            {
                top = asked;
                return Task.FromResult(TopExitCode);
            },
            Demo = _ =>
            {
                demo = true;
                return Task.FromResult(DemoExitCode);
            },
        }.RunAsync(arguments, CancellationToken.None);
        return new Line(code, mesh, check, reflect, probe, trace, diagnose, status, matrix, top, demo, output.ToString(), error.ToString());
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
