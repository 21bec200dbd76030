using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Meshpulse.Lab.Processes;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Lab.Decoders;

/// <summary>
/// scapy reads our packets as we mean them, and what it builds itself is answered, and read, as it means it. Version 2.5 knows STAMP without
/// authentication, and TLVs by their headers; the rest is in <c>stamp.py</c>, written from the RFCs.
/// </summary>
public sealed partial class ScapyTests
{
    [Theory]
    [InlineData(StampMode.Unauthenticated)]
    [InlineData(StampMode.Authenticated)]
    public async Task It_reads_what_we_mean(StampMode mode)
    {
        await Scapy.RequireAsync();
        var exchanges = StampExchanges.All.Where(exchange => exchange.Mode == mode).ToList();
        using var capture = new PacketCapture(exchanges);
        var lines = await Scapy.RunAsync(mode, StampExchanges.KeyText, "", "decode", capture.Name);
        Assert.Equal(exchanges.SelectMany(exchange => new[] { exchange.RequestLine, exchange.ReplyLine }), lines);
    }

    /// <summary>What can't be known before is the reflector's times and error estimate alone.</summary>
    [Theory]
    [InlineData(StampMode.Unauthenticated)]
    [InlineData(StampMode.Authenticated)]
    public async Task Its_requests_are_answered_and_the_replies_say_what_they_should(StampMode mode)
    {
        await Scapy.RequireAsync();
        using var keys = new StampKeyFile(mode);
        await using var node = await NodeProcess.StartAsync(["reflect", "--listen", "127.0.82.1:0", .. keys.Arguments]);
        await Until.HoldsAsync(() => Listening().IsMatch(node.Output.Text), () => $"no start in:\n{node.Output.Text}{node.Error.Text}");
        var at = IPEndPoint.Parse(Listening().Match(node.Output.Text).Groups["at"].Value);
        var questions = ScapyQuestion.All(mode);
        var lines = await Scapy.RunAsync(
            mode, StampExchanges.KeyText, string.Concat(questions.Select(question => question.Json + "\n")), "ask", $"{at.Address}", Text(at.Port));
        Assert.Equal(1 + (2 * questions.Count), lines.Length);
        var ports = $"{at.Port:x4}{int.Parse(lines[0]["port=".Length..], CultureInfo.InvariantCulture):x4}";
        for (var i = 0; i < questions.Count; i++)
        {
            var (question, request, reply) = (questions[i], lines[1 + (2 * i)], lines[2 + (2 * i)]);
            Assert.Equal(question.RequestLine, request);
            var own = OwnFields().Match(reply);
            Assert.True(own.Success, reply);
            Assert.True(AssertNear(own.Groups["t2"].Value) <= AssertNear(own.Groups["t3"].Value), reply);
            reply = FollowUp().Replace(OwnFields().Replace(reply, " OWN"), AssertFollowUp);
            Assert.Equal($"reply seq={i} OWN {question.ReplyLine.Replace("PORTS", ports, StringComparison.Ordinal)}", reply);
        }
    }

    /// <summary>The requests that really leave the probe command, and what it makes of replies that scapy built.</summary>
    [Theory]
    [InlineData(StampMode.Unauthenticated)]
    [InlineData(StampMode.Authenticated)]
    public async Task The_probe_commands_requests_are_read_and_scapys_replies_are_answers(StampMode mode)
    {
        await Scapy.RequireAsync();
        using var keys = new StampKeyFile(mode);
        using var scapy = await Scapy.StartAsync(mode, StampExchanges.KeyText, "answer", "127.0.82.1", "3");
        var (output, error) = (new OutputLog(scapy.StandardOutput), new OutputLog(scapy.StandardError));
        await Until.HoldsAsync(() => output.Lines.Count > 0, () => $"no start: {error.Text}");
        var (exit, summary, complaint) = await NodeProcess.RunAsync(
        [
            "probe", $"127.0.82.1:{output.Lines[0]["port=".Length..]}", "-c", "3", "-s", Text(StampWire.LengthOf(mode) + 8),
            "--timeout", "20000", "--json", .. keys.Arguments,
        ]);
        Assert.True(exit == 0, $"{exit}: {summary}{complaint}{error.Text}");
        await scapy.WaitForExitAsync().WaitAsync(Until.Hang);
        await Task.WhenAll(output.Ended, error.Ended).WaitAsync(Until.Hang);
        Assert.Equal((0, ""), (scapy.ExitCode, error.Text));
        using var result = JsonDocument.Parse(summary);
        Assert.Equal((3, 3), (result.RootElement.GetProperty("sent").GetInt32(), result.RootElement.GetProperty("answered").GetInt32()));
        var requests = output.Lines.Skip(1).Select(line => ProbeRequest().Match(line)).ToList();
        Assert.True(requests.Count == 3 && requests.All(request => request.Success), output.Text);
        Assert.Equal(["0", "1", "2"], requests.Select(request => request.Groups["seq"].Value));
        Assert.NotEqual("0", Assert.Single(requests.Select(request => request.Groups["ssid"].Value).Distinct()));
        Assert.All(requests, request => AssertNear(request.Groups["t1"].Value));
        var rest = $"mbz=0{(mode == StampMode.Authenticated ? " mac=holds" : "")} | 80 1 4 00000000";
        Assert.All(requests, request => Assert.Equal(rest, request.Groups["rest"].Value));
    }

    /// <summary>An NTP timestamp within a minute of now: a clock may be set while the test runs.</summary>
    private static ulong AssertNear(string hex)
    {
        var bits = ulong.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.InRange((int)((uint)(bits >> 32) - (uint)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 2_208_988_800)), -60, 60);
        return bits;
    }

    /// <summary>The answer to the second one that asks: when reply 2 left; zeros where the kernel did not say it in time.</summary>
    private static string AssertFollowUp(Match match)
    {
        Assert.Equal(("00000002", "02000000"), (match.Groups["number"].Value, match.Groups["method"].Value));
        AssertNear(match.Groups["time"].Value);
        return " | 00 7 16 " + new string('0', 32);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^meshpulse [0-9.]+ reflects STAMP at (?<at>127.0.82.1:[0-9]+)[,\n]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Listening();

    [GeneratedRegex(" t3=(?<t3>[0-9a-f]{16})(=[0-9.]+)? ee=[01]/0/[0-9]+/[1-9][0-9]* ssid=4660 t2=(?<t2>[0-9a-f]{16})(=[0-9.]+)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex OwnFields();

    [GeneratedRegex(" [|] 00 7 16 (?!0{32})(?<number>[0-9a-f]{8})(?<time>[0-9a-f]{16})(?<method>[0-9a-f]{8})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FollowUp();

    [GeneratedRegex("^request seq=(?<seq>[0-9]+) t1=(?<t1>[0-9a-f]{16})(=[0-9.]+)? ee=[01]/0/[0-9]+/[1-9][0-9]* ssid=(?<ssid>[0-9]+) (?<rest>mbz=.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ProbeRequest();
}
