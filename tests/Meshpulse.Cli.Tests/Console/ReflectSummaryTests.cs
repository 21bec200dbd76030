using System.Text.Json;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Tests.Console;

public class ReflectSummaryTests
{
    private static readonly StampReflectorCounts s_counts = new()
    {
        Decisions = [.. Enum.GetValues<StampDecision>().Select(d => KeyValuePair.Create(d, d is StampDecision.Answer ? 7L : d is StampDecision.Mac ? 2L : 0L))],
        Sessions = 2,
        SessionsExpired = 1,
        SessionsEvicted = 0,
        Unsent = 0,
        Drops = 3,
        KernelStamps = 9,
        UserStamps = 0,
        SendStamps = 4,
    };

    [Fact]
    public void People_read_what_there_was() => Assert.Equal(
        "packets: 9\n  answered: 7\n  mac: 2\nsessions: 3\n  expired: 1\npackets dropped in this host's receive queue: 3\n",
        ReflectSummary.Text(s_counts));

    [Fact]
    public void Programs_read_one_object_with_always_the_same_members()
    {
        var text = ReflectSummary.Json([NodeEndpoint.FromBytes([192, 0, 2, 7], 862)], new WallTime(1_700_000_000_000_000_000), new WallTime(1_700_000_001_500_000_000), s_counts);
        Assert.Equal(
            """
            {"listen":["192.0.2.7:862"],"since":"2023-11-14T22:13:20.000000Z","until":"2023-11-14T22:13:21.500000Z","packets":9,"decisions":{"answered":7,"too_short":0,"source":0,"not_allowed":0,"mac":2,"error_estimate":0,"reply":0,"session_limit":0,"source_limit":0,"total_limit":0},"sessions":{"begun":3,"remembered":2,"expired":1,"evicted":0},"unsent":0,"receive_queue_drops":3,"timestamps":{"received_kernel":9,"received_user":0,"sent_kernel":4}}

            """,
            text);
        using var parsed = JsonDocument.Parse(text);
        Assert.Equal(9, parsed.RootElement.GetProperty("packets").GetInt64());
    }
}
