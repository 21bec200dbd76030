using System.Net;
using System.Net.Sockets;
using System.Text;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Commands;
using Meshpulse.Cli.Fleet;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class DiagnoseRunTests
{
    [Fact]
    public async Task What_the_node_says_is_printed()
    {
        var document = new VerdictDocument(1, "10.0.0.1", new WallTime(1_800_000_000_000_000_000), []);
        var json = Encoding.UTF8.GetString(FleetJson.Write(document));
        Assert.Equal((0, "10.0.0.1, 2027-01-15 08:00:00 UTC: nothing is wrong\n", ""), await AskAsync(Answer("200 OK", json)));
        Assert.Equal((0, json + "\n", ""), await AskAsync(Answer("200 OK", json), json: true));
    }

    [Theory]
    [InlineData("404 Not Found", "not found\n", "something answers there, but not this: an original, an older node, or one that was started with --no-share")]
    [InlineData("200 OK", "# HELP x\n", "something answers there, but not this: an original, an older node, or one that was started with --no-share")]
    [InlineData("302 Found", "", "something answers there, but not this: an original, an older node, or one that was started with --no-share")]
    [InlineData("429 Too Many Requests", "", "it is asked too often; try again in a second")]
    public async Task What_has_no_verdicts_is_said_to_have_none(string status, string body, string reason)
    {
        var (code, output, error) = await AskAsync(Answer(status, body));
        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith($": {reason}\n", error, StringComparison.Ordinal);
        Assert.StartsWith("meshpulse: diagnose: http://127.0.0.1:", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no HTTP at all\r\n\r\n", "what answers there does not speak HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n", "its answer is too long")]
    public async Task What_makes_no_sense_is_an_error_in_one_line(string answer, string reason)
    {
        var (code, output, error) = await AskAsync(answer);
        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith($": {reason}\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_said_with_what_to_look_at()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var (code, output, error) = await RunAsync(port, json: false);
        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith(": connection refused; does a node run there that serves metrics? Its port is that of -m\n", error, StringComparison.Ordinal);
    }

    private static string Answer(string status, string body) => $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    private static async Task<(int Code, string Output, string Error)> AskAsync(string answer, bool json = false)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var run = RunAsync(((IPEndPoint)listener.LocalEndpoint).Port, json);
        using var connection = await listener.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) > 0)
        {
            request.Append((char)buffer[0]);
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        connection.Client.Shutdown(SocketShutdown.Send);
        return await run;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(int port, bool json)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new DiagnoseRun(output, error).RunAsync(new DiagnoseArguments { Node = new NodeAccess(new HostPort("127.0.0.1", port, true)), Json = json }, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
