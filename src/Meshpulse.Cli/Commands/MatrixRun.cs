using Meshpulse.Agent.Api;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>The matrix command itself.</summary>
/// <param name="output">Where the matrix goes.</param>
/// <param name="error">Where it is told why there is none.</param>
/// <param name="columns">How wide the output's terminal is; null where it is none.</param>
internal sealed class MatrixRun(TextWriter output, TextWriter error, int? columns)
{
    /// <summary>0 where the node answered, 1 where not.</summary>
    public async Task<int> RunAsync(MatrixArguments arguments, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        try
        {
            using var client = arguments.Node.Open();
            var grid = new MatrixGrid(await client.MatrixAsync(stop));
            await output.WriteAsync(arguments.Form switch
            {
                MatrixForm.Csv => MatrixTable.Csv(grid),
                MatrixForm.Json => MatrixTable.Json(grid),
                _ => MatrixText.Of(grid, arguments.Figure, columns),
            });
            return 0;
        }
        catch (NodeClientException e)
        {
            await error.WriteAsync($"{InvocationName.Default}: {MatrixCommand.Name}: {arguments.Node.Address}: {SingleLine.Of(e.Message)}\n");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }
}
