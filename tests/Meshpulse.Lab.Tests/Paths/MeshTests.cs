using System.Net;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Originals;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Paths;

/// <summary>Nodes of the mesh probe one another by STAMP beside their heartbeats, without being told, and leave alone who does not speak it.</summary>
public sealed class MeshTests
{
    private const ulong Seed = 4_105;
    private const int Faulty = 200;

    [Fact]
    public async Task Loss_of_one_direction_is_seen_from_both_ends()
    {
        using var lab = await SwitchLab.CreateAsync(3);
        await using var mesh = new Mesh(Place.On(lab.Hosts), "-i", "1", "--full-metrics");
        await mesh.FormAsync();
        await EachAsync(mesh, (member, other) => TallyAsync(member, other, tally => tally.Answered >= 50, "has not 50 answers"));

        // From the first to the second: the requests of the one and the replies of the other.
        var (a, b, wire) = (mesh[0], mesh[1], lab.Wire(lab.Hosts[0], lab.Hosts[1]));
        wire.Set(
            new Fault { Of = frame => frame.DestinationPort == Place.Port, Drop = Pick.Chance(0.2, Seed).Between(0, Faulty) },
            new Fault { Of = frame => frame.IsUdp && frame.SourcePort == Place.Port, Drop = Pick.Chance(0.1, Seed + 1).Between(0, Faulty) });
        await EachAsync(mesh, async (member, other) =>
        {
            var before = PathTally.Read(await member.ScrapeAsync(), other.Address, "mesh").Sent;
            await TallyAsync(member, other, tally => tally.Sent >= before + Faulty + 80, "sends no more");
        });

        // Heartbeats go on, so the switch never rests; what it has of STAMP is final once each path's end has counted as much.
        await Task.WhenAll(lab.Hosts.Select(host => host.RefuseToSendAsync($"udp dport {Place.Port}")));
        SwitchWire WireOf(MeshMember from, MeshMember to) => lab.Wire(HostOf(from), HostOf(to));
        LabHost HostOf(MeshMember member) => lab.Hosts.Single(host => host.Network == member.Place.Network);
        await EachAsync(mesh, (member, other) => TallyAsync(
            // One packet found out that the other speaks STAMP, and counts nowhere.
            member, other, t => t.IsDecided && t.Sent == Requests(WireOf(member, other), flow => flow.Arrived) - 1, "does not settle"));
        var (requests, replies) = (Requests(wire, flow => flow.Dropped), wire.Count(Place.Port).Dropped - Requests(wire, flow => flow.Dropped));
        Assert.True(requests > 0 && replies > 0, $"nothing was dropped: {lab}");
        await EachAsync(mesh, async (member, other) =>
        {
            var tally = PathTally.Read(await member.ScrapeAsync(), other.Address, "mesh");
            var losses = member == a && other == b ? (requests, 0d, 0d) : member == b && other == a ? (0d, replies, 0d) : (0d, 0d, 0d);
            Assert.True(tally.Losses == losses, $"{member.Address} -> {other.Address}: {tally} and not {losses}\n{lab}");
        });
        await mesh.StopAsync();
    }

    [Fact]
    public async Task Who_does_not_speak_it_gets_one_packet_a_minute_and_a_node_without_it_sends_none()
    {
        using var lab = await SwitchLab.CreateAsync(3);
        await using var mesh = new Mesh([.. Place.On(lab.Hosts).Take(2)], "-i", "1");
        await mesh.StartAsync(0, []);
        await mesh[0].MetricsAsync(page => page.Value("meshpulse_peers") == 0, "does not run");
        await mesh.StartAsync(1, [0], "--no-stamp");
        await using var original = await OriginalPeer.StartAsync(lab.Hosts[2], new IPEndPoint(lab.Hosts[0].V4, Place.Port));
        await mesh[0].MetricsAsync(page => page.Value("meshpulse_peers") == 2, "has not two peers");
        long Sent(int from, int to) => lab.Wire(lab.Hosts[from], lab.Hosts[to]).Count(Place.Port).Arrived;
        await Until.HoldsAsync(() => Sent(0, 1) == 1 && Sent(0, 2) == 1, () => $"not one packet to each: {lab}");
        var reports = mesh[0].ReportCount;
        await mesh[0].ReportAsync(reports + 6, report => report.Rows.Count == 2, "of both peers");
        Assert.Equal((1, 1, 0), (Sent(0, 1), Sent(0, 2), Sent(1, 0)));

        // Nobody is blamed: a trial is no path, and it is not loss.
        var page = await mesh[0].ScrapeAsync();
        Assert.Equal(0, page.Value("meshpulse_paths"));
        Assert.DoesNotContain("check=\"mesh\"", page.Text, StringComparison.Ordinal);
        await mesh.StopAsync();
    }

    private static long Requests(SwitchWire wire, Func<FlowCount, long> pick) =>
        wire.Flows.Where(flow => flow.Key.Destination == Place.Port).Sum(flow => pick(flow.Value));

    private static async Task EachAsync(Mesh mesh, Func<MeshMember, MeshMember, Task> act)
    {
        foreach (var member in mesh.Members)
        {
            foreach (var other in mesh.Others(member))
            {
                await act(member, other);
            }
        }
    }

    private static async Task<PathTally> TallyAsync(MeshMember member, MeshMember other, Predicate<PathTally> fits, string what)
    {
        var last = default(PathTally);
        await member.MetricsAsync(page => fits(last = PathTally.Read(page, other.Address, "mesh")), $"{what} of {other.Address}");
        return last;
    }
}
