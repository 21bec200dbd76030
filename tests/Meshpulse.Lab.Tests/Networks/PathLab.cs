using System.Text;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Networks;

/// <summary>
/// A path through three rows of routers, the middle one of two that share the flows: host, first, left or right, last, target. Each cable is
/// a network of its own, 10.81.N.0/24 and fd81:N::/64, with 1 at the side of the host and 2 at that of the target:
/// <code>
///                      2 .2 left  .1 4
/// host .1 1 .2 first .1                .2 last .1 6 .2 target
///                      3 .2 right .1 5
/// </code>
/// Routers answer without a limit, so that a missing answer means something.
/// </summary>
internal sealed class PathLab : IDisposable
{
    private readonly List<NetworkNamespace> _all = [];

    private PathLab()
    {
    }

    public NetworkNamespace Host => _all[0];

    public NetworkNamespace First => _all[1];

    public NetworkNamespace Last => _all[4];

    public NetworkNamespace Target => _all[5];

    /// <summary>An address at a cable: side 1 is towards the host.</summary>
    public static string Address(bool isV6, int cable, int side) => isV6 ? $"fd81:{cable}::{side}" : $"10.81.{cable}.{side}";

    /// <summary>Builds it. Skips the test where that is not allowed or a tool is missing.</summary>
    public static async Task<PathLab> CreateAsync()
    {
        var ip = Tool.Require("ip", "iproute2");
        var lab = new PathLab();
        try
        {
            for (var i = 0; i < 6; i++)
            {
                var network = await NetworkNamespace.CreateAsync();
                lab._all.Add(network);
                await network.MustAsync(["sh", "-c", Settings]);
            }

            var (left, right) = (lab._all[2], lab._all[3]);
            await WireAsync(ip, lab.Host, lab.First, 1);
            await WireAsync(ip, lab.First, left, 2);
            await WireAsync(ip, lab.First, right, 3);
            await WireAsync(ip, left, lab.Last, 4);
            await WireAsync(ip, right, lab.Last, 5);
            await WireAsync(ip, lab.Last, lab.Target, 6);
            foreach (var isV6 in new[] { false, true })
            {
                await RouteAsync(ip, lab.Host, isV6, $"default via {Address(isV6, 1, 2)}");
                await RouteAsync(ip, lab.First, isV6, $"{Net(isV6)} nexthop via {Address(isV6, 2, 2)} nexthop via {Address(isV6, 3, 2)}");
                await RouteAsync(ip, left, isV6, $"{Net(isV6)} via {Address(isV6, 4, 2)}", $"default via {Address(isV6, 2, 1)}");
                await RouteAsync(ip, right, isV6, $"{Net(isV6)} via {Address(isV6, 5, 2)}", $"default via {Address(isV6, 3, 1)}");
                await RouteAsync(ip, lab.Last, isV6, $"default via {Address(isV6, 4, 1)}");
                await RouteAsync(ip, lab.Target, isV6, $"default via {Address(isV6, 6, 1)}");
            }

            await Until.HoldsAsync(() => lab.IsUpAsync(ip), () => "not all cables came up");
            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>Puts rules of nft(8) into a router: the inside of a table of both families.</summary>
    public static Task RulesAsync(NetworkNamespace router, string chains) =>
        router.MustAsync([Tool.Require("nft", "nftables"), "-f", "-"], $"table inet lab {{ {chains}; }}\n");

    /// <inheritdoc />
    public void Dispose() => _all.ForEach(network => network.Dispose());

    /// <summary>The kernel drops what is sent on a fresh link until it has noticed that it is up, which takes up to a second.</summary>
    private async Task<bool> IsUpAsync(string ip)
    {
        foreach (var network in _all)
        {
            var (_, output) = await Tool.RunAsync([.. network.Enter, ip, "-oneline", "link", "show", "type", "veth"]);
            if (output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Any(line => !line.Contains(" state UP ", StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }

    // Forwarding; links chosen by ports (layer 4); ICMP without limits, from the address that was asked, and for everybody. Addresses of IPv6
    // are good at once: a router that still waits for its own has nothing to ask its neighbours from.
    private const string Settings =
        "cd /proc/sys/net; for f in ipv4/ip_forward ipv6/conf/all/forwarding ipv4/fib_multipath_hash_policy ipv6/fib_multipath_hash_policy; do echo 1 > $f; done;"
        + " echo 0 > ipv6/conf/default/accept_dad; echo 1 > ipv4/icmp_errors_use_inbound_ifaddr; echo 0 > ipv4/icmp_ratelimit; echo 0 > ipv6/icmp/ratelimit; echo '0 2147483647' > ipv4/ping_group_range";

    private static string Net(bool isV6) => isV6 ? "fd81:6::/64" : "10.81.6.0/24";

    private static async Task WireAsync(string ip, NetworkNamespace near, NetworkNamespace far, int cable)
    {
        await near.MustAsync([ip, "link", "add", $"out{cable}", "type", "veth", "peer", "name", $"in{cable}", "netns", far.FilePath]);
        await near.MustAsync([ip, "-batch", "-"], Up($"out{cable}", cable, 1));
        await far.MustAsync([ip, "-batch", "-"], Up($"in{cable}", cable, 2));
    }

    private static string Up(string device, int cable, int side) => new StringBuilder("link set lo up\n")
        .Append($"addr add {Address(false, cable, side)}/24 dev {device}\n")
        .Append($"addr add {Address(true, cable, side)}/64 dev {device} nodad\n")
        .Append($"link set {device} up\n").ToString();

    private static Task RouteAsync(string ip, NetworkNamespace network, bool isV6, params string[] routes) =>
        network.MustAsync([ip, isV6 ? "-6" : "-4", "-batch", "-"], string.Concat(routes.Select(r => $"route add {r}\n")));
}
