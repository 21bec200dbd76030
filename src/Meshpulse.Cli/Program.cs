using Meshpulse.Cli.Commands;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Demo;
using Meshpulse.Linux.Terminals;

using var signals = new Signals();
signals.FollowInput(DemoNode.StopWithInputVariable);
var invokedAs = InvocationName.Read();
return await new CommandRunner
{
    InvokedAs = invokedAs,
    Output = Console.Out,
    Error = Console.Error,
    Mesh = new MeshRun(InvocationName.Shown(invokedAs), Console.Error).RunAsync,
    Check = new CheckRun(InvocationName.Shown(invokedAs), Console.Error).RunAsync,
    Reflect = new ReflectRun(InvocationName.Shown(invokedAs), Console.Error).RunAsync,
    Probe = new ProbeRun(Console.Out, Console.Error).RunAsync,
    Diagnose = new DiagnoseRun(Console.Out, Console.Error).RunAsync,
    Status = new StatusRun(Console.Out).RunAsync,
    Matrix = new MatrixRun(Console.Out, Console.Error, TerminalWindow.TryGetSize(out var columns, out _) ? columns : null).RunAsync,
    Top = new TopRun(Console.Out, Console.Error, ColourPolicy.IsOn(isTerminal: true, Environment.GetEnvironmentVariable)).RunAsync,
    Trace = new TraceRun(Console.Out, Console.Error).RunAsync,
    Demo = new DemoRun(Console.Out, Console.Error).RunAsync,
}.RunAsync(args, signals.Stop);
