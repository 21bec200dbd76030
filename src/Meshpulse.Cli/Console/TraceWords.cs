using System.Globalization;
using Meshpulse.Agent.Tracing;
using Meshpulse.Core.Probing.Trace;

namespace Meshpulse.Cli.Console;

/// <summary>What the text and the JSON of a trace call things.</summary>
internal static class TraceWords
{
    /// <summary>Stands in both: loss at a hop is easily read as the network's.</summary>
    public const string Warning =
        "Routers limit how many of these answers they give: loss at a hop that the hops behind it do not have is no loss of traffic.";

    /// <summary>The protocol as it is written on the command line.</summary>
    public static string NameOf(TracingProtocol protocol) => protocol switch
    {
        TracingProtocol.Icmp => "icmp",
        TracingProtocol.Tcp => "tcp",
        _ => "udp",
    };

    /// <summary>Why a path ends before the target, with the sign that traceroute has for it; null where it doesn't.</summary>
    public static string? Of(TraceRefusal refusal) => refusal switch
    {
        TraceRefusal.None => null,
        TraceRefusal.Network => "no route (!N)",
        TraceRefusal.Host => "host unreachable (!H)",
        TraceRefusal.Protocol => "protocol unreachable (!P)",
        TraceRefusal.Port => "port unreachable, not by the target's own word (!p)",
        TraceRefusal.TooLarge => "packet too large (!F)",
        TraceRefusal.Prohibited => "prohibited (!X)",
        _ => "refused (!?)",
    };

    /// <summary>Flows by their numbers from 1, runs drawn together: <c>1-3,7</c>.</summary>
    /// <param name="flows">Ascending, from 0.</param>
    public static string Numbers(IReadOnlyList<int> flows)
    {
        var parts = new List<string>();
        for (var i = 0; i < flows.Count;)
        {
            var first = i;
            while (i + 1 < flows.Count && flows[i + 1] == flows[i] + 1)
            {
                i++;
            }

            parts.Add(first == i ? Number(flows[i]) : $"{Number(flows[first])}-{Number(flows[i])}");
            i++;
        }

        return string.Join(",", parts);
    }

    private static string Number(int flow) => (flow + 1).ToString(CultureInfo.InvariantCulture);
}
