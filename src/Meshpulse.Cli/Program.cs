using Meshpulse.Cli.Commands;

using var signals = new Signals();
var invokedAs = InvocationName.Read();
return await new CommandRunner
{
    InvokedAs = invokedAs,
    Output = Console.Out,
    Error = Console.Error,
    Mesh = new MeshRun(InvocationName.Shown(invokedAs), Console.Error).RunAsync,
    Demo = async _ => await Task.FromResult(1),
}.RunAsync(args, signals.Stop);
