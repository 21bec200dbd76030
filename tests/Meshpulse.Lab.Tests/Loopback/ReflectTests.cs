using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>The reflect command as a process: ports, answers on the wire, signals, exit codes, streams.</summary>
public sealed partial class ReflectTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_answers_until_a_signal_and_then_sums_up(bool json)
    {
        await using var node = await NodeProcess.StartAsync(["reflect", "--listen", "127.0.82.1:0", .. json ? ["--json"] : Array.Empty<string>()]);
        var log = json ? node.Error : node.Output;
        await Until.HoldsAsync(() => Listening().IsMatch(log.Text), () => $"no start in:\n{node.Output.Text}{node.Error.Text}");
        var at = IPEndPoint.Parse(Listening().Match(log.Text).Groups["at"].Value);
        using (var sender = Sender())
        {
            sender.SendTo(new byte[13], at);
            for (uint i = 0; i < 3; i++)
            {
                Assert.Equal(i, Ask(sender, at, 40 + i));
            }
        }

        node.Send(json ? Signal.Interrupt : Signal.Terminate);
        Assert.Equal(0, await node.ExitAsync());
        if (json)
        {
            using var summary = JsonDocument.Parse(node.Output.Text);
            Assert.Equal(4, summary.RootElement.GetProperty("packets").GetInt64());
            Assert.Equal(3, summary.RootElement.GetProperty("decisions").GetProperty("answered").GetInt64());
            Assert.Equal(1, summary.RootElement.GetProperty("decisions").GetProperty("too_short").GetInt64());
            Assert.Equal(1, summary.RootElement.GetProperty("sessions").GetProperty("begun").GetInt64());
            Assert.Equal($"{at}", summary.RootElement.GetProperty("listen")[0].GetString());
        }
        else
        {
            Assert.EndsWith("\npackets: 4\n  answered: 3\n  too_short: 1\nsessions: 1\n", node.Output.Text, StringComparison.Ordinal);
            Assert.Empty(node.Error.Text);
        }
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var holder = Sender();
        var (exit, output, error) = await NodeProcess.RunAsync("reflect", "--listen", $"{holder.LocalEndPoint}");
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith($"meshpulse: reflect: can't listen at {holder.LocalEndPoint}: address already in use;", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n'));
    }

    [Fact]
    public async Task A_port_that_is_not_permitted_is_said_with_the_cure()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give its capabilities away; others are refused by their kernel's settings");
        var firstFree = int.Parse(await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.SkipUnless(firstFree > 862, "this kernel lets anybody have port 862");
        // Without capabilities root may bind no such port, and goes on reading its own files.
        await using var node = await NodeProcess.StartAsync(
            ["reflect", "--listen", "127.0.82.1"], null, "setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service", NodeProcess.ProgramFile);
        Assert.Equal(1, await node.ExitAsync());
        Assert.Contains("127.0.82.1:862: port 862 is not permitted; take another, as in --listen :8620, or run with CAP_NET_BIND_SERVICE", node.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_others_can_read_are_no_keys()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "00ff\n");
            using (var chmod = System.Diagnostics.Process.Start("chmod", ["644", file]))
            {
                await chmod.WaitForExitAsync();
            }

            var (exit, output, error) = await NodeProcess.RunAsync("reflect", "--listen", "127.0.82.1:0", "--key-file", file);
            Assert.Equal((2, ""), (exit, output));
            Assert.Equal($"meshpulse: --key-file {file}: its mode is 0644: others than its owner can get at the keys; chmod 600 {file}\n", error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Socket Sender()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Until.Hang.TotalMilliseconds };
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.82.2"), 0));
        return socket;
    }

    /// <summary>Asks once, and gives the reflector's number.</summary>
    private static uint Ask(Socket sender, IPEndPoint at, uint number)
    {
        var request = new byte[44];
        BinaryPrimitives.WriteUInt32BigEndian(request, number);
        request[13] = 1;
        sender.SendTo(request, at);
        var reply = new byte[100];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(44, sender.ReceiveFrom(reply, ref from));
        Assert.Equal(at, from);
        Assert.Equal(number, BinaryPrimitives.ReadUInt32BigEndian(reply.AsSpan(24)));
        return BinaryPrimitives.ReadUInt32BigEndian(reply);
    }

    [GeneratedRegex("^meshpulse [0-9.]+ reflects STAMP at (?<at>127.0.82.1:[0-9]+)\n", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Listening();
}
