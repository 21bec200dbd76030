using Meshpulse.Cli.Commands;
using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class FleetCommandTests
{
    [Theory]
    [InlineData("", "127.0.0.1:12223", false, null)]
    [InlineData("192.0.2.7 --json", "192.0.2.7:12223", true, null)]
    [InlineData("[2001:db8::7]:99 --api-token-file t", "[2001:db8::7]:99", false, "t")]
    public async Task Status_asks_a_node(string words, string node, bool json, string? token)
    {
        var line = await Line.Of($"status {words}");
        Assert.Equal(("", Line.StatusExitCode), (line.Error, line.ExitCode));
        Assert.Equal((node, json, token), (line.Status!.Node.ToString(), line.Status.Json, line.Status.Node.TokenFile));
    }

    [Theory]
    [InlineData("", MatrixFigure.Loss, MatrixForm.Text)]
    [InlineData("--show p99", MatrixFigure.P99, MatrixForm.Text)]
    [InlineData("-s ratio --csv", MatrixFigure.Ratio, MatrixForm.Csv)]
    [InlineData("web1 --json", MatrixFigure.Loss, MatrixForm.Json)]
    public async Task Matrix_shows_a_figure_in_a_form(string words, MatrixFigure figure, MatrixForm form)
    {
        var line = await Line.Of($"matrix {words}");
        Assert.Equal(("", Line.MatrixExitCode), (line.Error, line.ExitCode));
        Assert.Equal((figure, form), (line.Matrix!.Figure, line.Matrix.Form));
    }

    [Theory]
    [InlineData("", "http://127.0.0.1:12223")]
    [InlineData("web1 --tls", "https://web1:12223")]
    [InlineData("web1 --tls-ca ca.pem", "https://web1:12223")]
    public async Task Where_who_signs_is_told_it_is_asked_over_TLS(string words, string address)
    {
        foreach (var command in new[] { "status", "matrix", "top", "diagnose" })
        {
            var line = await Line.Of($"{command} {words}");
            Assert.Equal("", line.Error);
            Assert.Equal(address, (line.Status?.Node ?? line.Matrix?.Node ?? line.Top?.Node ?? line.Diagnose!.Node).Address);
        }
    }

    [Fact]
    public async Task Top_asks_a_node()
    {
        var line = await Line.Of("top web1:99");
        Assert.Equal(("", Line.TopExitCode, "web1:99"), (line.Error, line.ExitCode, line.Top!.Node.ToString()));
    }

    [Theory]
    [InlineData("matrix a b", 2, "matrix: one node at a time; b is one too many")]
    [InlineData("matrix --show all", 2, "--show all: not one of loss, p50, p99, ratio")]
    [InlineData("matrix --csv --json", 2, "matrix: --csv or --json, not both")]
    [InlineData("top a:0", 2, "top a:0: port 0 is not a number from 1 to 65535")]
    [InlineData("status a b", 3, "status: one node at a time; b is one too many")]
    [InlineData("status --jsn", 3, "--jsn: no such option; did you mean --json?")]
    public async Task A_wrong_line_is_refused_and_of_status_it_is_unknown(string words, int code, string error)
    {
        var line = await Line.Of(words);
        Assert.Equal((code, $"meshpulse: {error}\n"), (line.ExitCode, line.Error));
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_unknown_for_monitoring_and_an_error_for_people()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var node = new NodeAccess(new HostPort("127.0.0.1", ((System.Net.IPEndPoint)taken.LocalEndpoint).Port, true));
        taken.Stop();
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(3, await new StatusRun(output).RunAsync(new StatusArguments(node, false), CancellationToken.None));
        Assert.StartsWith("UNKNOWN: http://127.0.0.1:", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await new MatrixRun(output, error, null).RunAsync(new MatrixArguments(node, MatrixFigure.Loss, MatrixForm.Text), CancellationToken.None));
        Assert.StartsWith("meshpulse: matrix: http://127.0.0.1:", error.ToString(), StringComparison.Ordinal);
    }
}
