using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Commands;

/// <summary>The diagnose command itself: asks a node, and prints what it says; files are for <see cref="DiagnoseLogsRun"/>.</summary>
internal sealed class DiagnoseRun(TextWriter output, TextWriter error)
{
    private const string Path = "/api/v1/verdicts";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>0 where the node answered, or the files could be read, whatever they say; 1 where not.</summary>
    public async Task<int> RunAsync(DiagnoseArguments arguments, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Files.Count > 0)
        {
            return await new DiagnoseLogsRun(output, error).RunAsync(arguments, stop);
        }

        var address = $"http://{arguments.Node}{Path}";
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
            {
                Timeout = s_patience,
                MaxResponseContentBufferSize = SliceBatch.MaxBytes,
            };
            using var response = await client.GetAsync(new Uri(address), stop);
            var body = await response.Content.ReadAsByteArrayAsync(stop);
            if (response.StatusCode != HttpStatusCode.OK || !FleetJson.TryRead(body, out VerdictDocument? document, out _))
            {
                return await FailAsync(address, OtherAnswer(response.StatusCode));
            }

            await output.WriteAsync(arguments.Json ? System.Text.Encoding.UTF8.GetString(FleetJson.Write(document)) + "\n" : DiagnosisText.Of(document));
            return 0;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return await FailAsync(address, "no answer in 5 s");
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
        catch (HttpRequestException e)
        {
            return await FailAsync(address, Reason(e));
        }
    }

    private static string OtherAnswer(HttpStatusCode status) => status == HttpStatusCode.TooManyRequests
        ? "it is asked too often; try again in a second"
        : "something answers there, but has no verdicts: an original, an older node, or one that was started with --no-share";

    private static string Reason(HttpRequestException e) => e switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "connection refused; does a node run there that serves metrics? Its port is that of -m",
        { InnerException: SocketException inner } => inner.Message,
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "its answer is too long",
        { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded } => "what answers there does not speak HTTP",
        _ => e.Message,
    };

    private async Task<int> FailAsync(string address, string reason)
    {
        await error.WriteAsync($"{InvocationName.Default}: {DiagnoseCommand.Name}: {address}: {SingleLine.Of(reason)}\n");
        return 1;
    }
}
