using Meshpulse.Agent.Api;
using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>The status command itself. Whatever goes wrong is a status too: unknown, on standard output, where monitoring systems look for it.</summary>
internal sealed class StatusRun(TextWriter output)
{
    /// <summary>The exit code is the status.</summary>
    public async Task<int> RunAsync(StatusArguments arguments, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        try
        {
            using var client = arguments.Node.Open();
            var nodes = client.NodesAsync(stop);
            var report = StatusReport.Of(await client.VerdictsAsync(stop), await nodes);
            await output.WriteAsync(arguments.Json ? report.Json() : report.Text());
            return (int)report.Code;
        }
        catch (NodeClientException e)
        {
            await output.WriteAsync(arguments.Json ? StatusReport.UnreachableJson($"{arguments.Node.Address}: {e.Message}") : StatusReport.Unreachable($"{arguments.Node.Address}: {e.Message}"));
            return (int)StatusCode.Unknown;
        }
        catch (OperationCanceledException)
        {
            return (int)StatusCode.Unknown;
        }
    }
}
