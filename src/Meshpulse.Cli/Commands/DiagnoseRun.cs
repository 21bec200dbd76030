using System.Text;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Commands;

/// <summary>The diagnose command itself: asks a node, and prints what it says; files are for <see cref="DiagnoseLogsRun"/>.</summary>
internal sealed class DiagnoseRun(TextWriter output, TextWriter error)
{
    /// <summary>0 where the node answered, or the files could be read, whatever they say; 1 where not.</summary>
    public async Task<int> RunAsync(DiagnoseArguments arguments, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Files.Count > 0)
        {
            return await new DiagnoseLogsRun(output, error).RunAsync(arguments, stop);
        }

        try
        {
            using var client = arguments.Node.Open();
            var document = await client.VerdictsAsync(stop);
            await output.WriteAsync(arguments.Json ? Encoding.UTF8.GetString(FleetJson.Write(document)) + "\n" : DiagnosisText.Of(document));
            return 0;
        }
        catch (NodeClientException e)
        {
            await error.WriteAsync($"{InvocationName.Default}: {DiagnoseCommand.Name}: {arguments.Node.Address}: {SingleLine.Of(e.Message)}\n");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }
}
