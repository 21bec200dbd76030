using Meshpulse.Cli.Commands;

return await new CommandRunner
{
    InvokedAs = InvocationName.Read(),
    Output = Console.Out,
    Error = Console.Error,
    Mesh = async (_, _) => await NotBuiltYetAsync(),
    Demo = async _ => await NotBuiltYetAsync(),
}.RunAsync(args, CancellationToken.None);

static async Task<int> NotBuiltYetAsync()
{
    await Console.Error.WriteLineAsync("not built yet");
    return 1;
}
