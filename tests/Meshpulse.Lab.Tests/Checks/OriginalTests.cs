using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Originals;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Checks;

/// <summary>The wire format against the original's, in both directions, and what the network may make of it.</summary>
public sealed class OriginalTests
{
    [Fact]
    public async Task An_original_answers_ours_and_nothing_is_lost()
    {
        var places = Place.OnLoopback(1);
        var original = new IPEndPoint(IPAddress.Any, Ports.Next());
        using var reflector = new OriginalReflector(original);

        // It answers from the address that the kernel chooses, which here is 127.0.0.1.
        using var file = new LandscapeFile(Landscape(places[0], Ports.Next(), ("original", $"127.0.0.1:{original.Port}")) + "timeout = \"10s\"\n");
        await using var ours = await Checker.StartAsync(file, "ours", places[0]);
        var page = await ours.MetricsAsync(p => Of(p, "answered", "original") >= 100, "answers of the original");
        Assert.Equal([0, 0, 0, 0], new[] { "lost", "late", "duplicate", "unknown" }.Select(what => Of(page, what, "original")));
        await ours.ReportAsync(window => window.Of("ours", "original") is { Responses: >= 100 }, "with its answers");
        Assert.All(ours.Transcript.Windows, window => Assert.Equal(0, window.Of("ours", "original")!.Loss));
        Assert.Equal(0, reflector.Others);
        Assert.Single(reflector.Ports);
        await ours.StopAsync();
    }

    [Fact]
    public async Task Ours_answers_an_original_once_each_and_nothing_else()
    {
        var places = Place.OnLoopback(1);
        var reflector = new IPEndPoint(places[0].Identity.Address, Ports.Next());
        using var file = new LandscapeFile(Landscape(places[0], reflector.Port));
        await using var ours = await Checker.StartAsync(file, "ours", places[0]);
        await ours.MetricsAsync(_ => true, "answers no scrape");
        await using (var sender = new OriginalSender(reflector))
        {
            await Until.HoldsAsync(() => sender.Answered >= 100 && sender.Answered == sender.Sent, () => $"{sender.Answered} of {sender.Sent} answered");
            Assert.Equal(0, sender.Wrong);
        }

        // One that seems to come from a reflector: its answer would be a request for another one.
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(Place.OnLoopback(1)[0].Identity.Address, reflector.Port));
        var before = await ours.ScrapeAsync();
        byte[] padded = [.. OriginalWire.Datagram(8, 1), .. new byte[82]];
        byte[][] datagrams = [OriginalWire.Datagram(7, 1), OriginalWire.Datagram(7, 2), OriginalWire.Datagram(7, 1, version: 99), OriginalWire.Datagram(7, 1, magic: 1), [], padded];
        foreach (var datagram in datagrams)
        {
            peer.SendTo(datagram, reflector);
        }

        var after = await ours.MetricsAsync(page => Decided(page, "answered") >= Decided(before, "answered") + 2, "does not answer");
        Assert.Equal(
            [1, 1, 1, 1], new[] { "response", "version", "magic", "too_short" }.Select(decision => Decided(after, decision) - Decided(before, decision)));
        var answers = new List<byte[]>();
        var buffer = new byte[2048];
        while (peer.Available > 0 || answers.Count < 2)
        {
            answers.Add(buffer[..peer.Receive(buffer)]);
        }

        Assert.Equal(2, answers.Count);
        Assert.True(OriginalWire.IsResponse(answers[0]));
        Assert.Equal((7ul, 8ul, 100), (OriginalWire.IdOf(answers[0]), OriginalWire.IdOf(answers[1]), answers[1].Length));
        await ours.StopAsync();
    }

    [Fact]
    public async Task Answers_that_are_second_late_elsewhere_or_forged_are_told_apart()
    {
        var places = Place.OnLoopback(5);
        var port = Ports.Next();
        IPEndPoint At(int index) => new(places[index].Identity.Address, port);
        using var twice = new OriginalReflector(At(1), (socket, answer, to) =>
        {
            socket.SendTo(answer, to);
            socket.SendTo(answer, to);
        });
        using var late = new OriginalReflector(At(2), (socket, answer, to) => _ = AnswerLateAsync(socket, answer, to));
        using var liar = new OriginalReflector(At(3), (socket, answer, to) =>
        {
            socket.SendTo(answer, to);
            socket.SendTo(OriginalWire.Datagram(OriginalWire.IdOf(answer) + 1_000_000, 2), to);
            socket.SendTo(OriginalWire.Datagram(OriginalWire.IdOf(answer), 1), to);
        });
        using var forger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        forger.Bind(new IPEndPoint(Place.OnLoopback(1)[0].Identity.Address, port));
        using var dead = new OriginalReflector(At(4), (_, answer, to) => forger.SendTo(answer, to));

        using var file = new LandscapeFile(Landscape(
            places[0], port, ("twice", At(1).ToString()), ("late", At(2).ToString()), ("liar", At(3).ToString()), ("dead", At(4).ToString())));
        await using var ours = await Checker.StartAsync(file, "ours", places[0]);
        var page = await ours.MetricsAsync(
            p => Of(p, "duplicate", "twice") > 100 && Of(p, "late", "late") > 150 && Of(p, "unknown", "liar") > 100 && Of(p, "lost", "dead") > 100,
            "does not tell them");

        // What the others do is nobody else's.
        foreach (var target in new[] { "ours", "twice", "liar" })
        {
            Assert.Equal([0, 0], new[] { "lost", "late" }.Select(what => Of(page, what, target)));
            Assert.InRange(Of(page, "answered", target), 100, double.MaxValue);
        }

        Assert.All(new[] { "ours", "late", "liar", "dead" }, target => Assert.Equal(0, Of(page, "duplicate", target)));
        Assert.All(new[] { "ours", "late", "twice", "dead" }, target => Assert.Equal(0, Of(page, "unknown", target)));
        Assert.Equal([0, 0], new[] { "answered", "late" }.Select(what => Of(page, what, "dead")));
        Assert.Equal(0, Of(page, "answered", "late"));
        Assert.InRange(page.Find("meshpulse_probe_strays_total", ("reason", "wrong_address")), 100, double.MaxValue);
        Assert.InRange(page.Find("meshpulse_probe_strays_total", ("reason", "malformed")), 100, double.MaxValue);
        await ours.NoteAsync($"an answer came from {forger.LocalEndPoint}, which was not asked");

        // Late is not lost: of a whole window only those are missing that may still come, half a second of them.
        await ours.ReportAsync(window => window.Of("ours", "late") is { Requests: >= 190, Loss: < 60, Max: >= 1_500_000 }, "in which the late ones are not lost");
        await ours.ReportAsync(window => window.Of("ours", "dead") is { Requests: >= 190, Responses: 0 }, "in which the dead one is lost");
        await ours.StopAsync();
    }

    private static async Task AnswerLateAsync(Socket socket, byte[] answer, EndPoint to)
    {
        await Task.Delay(1500);
        try
        {
            socket.SendTo(answer, to);
        }
        catch (ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private static string Landscape(Place ours, int port, params (string Name, string Ip)[] originals) =>
        string.Create(CultureInfo.InvariantCulture, $"port = {port}\n[[group]]\nname = \"all\"\n")
        + string.Concat(originals.Prepend(("ours", ours.Identity.Address.ToString())).Select(s => $"[[server]]\nname = \"{s.Item1}\"\nip = \"{s.Item2}\"\ngroups = [\"all\"]\n"))
        + "[[check]]\nfrom = \"ours\"\nto = \"all\"\ncheck = \"udp_ping\"\n";

    private static double Of(MetricsPage page, string what, string target) => page.Find($"meshpulse_probes_{what}_total", ("target", target));

    private static double Decided(MetricsPage page, string decision) => page.Find("meshpulse_reflector_datagrams_total", ("decision", decision));
}
