using System.Text;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Networks;

/// <summary>
/// Hosts on a switch: a namespace each, and one more that holds a bridge. Cables are cut at the switch, so that a host keeps
/// its addresses (those of IPv6 vanish where its own interface goes down). Nothing of it is visible in our own network.
/// </summary>
internal sealed class NetworkLab : IDisposable
{
    private readonly NetworkNamespace _switch;
    private readonly List<LabHost> _hosts = [];

    private NetworkLab(NetworkNamespace @switch) => _switch = @switch;

    /// <summary>The hosts; the first has number 1.</summary>
    public IReadOnlyList<LabHost> Hosts => _hosts;

    /// <summary>Builds a lab. Skips the test where that is not allowed or <c>ip</c> is missing.</summary>
    public static async Task<NetworkLab> CreateAsync(int hosts)
    {
        var ip = Tool.Require("ip", "iproute2");
        var lab = new NetworkLab(await NetworkNamespace.CreateAsync());
        try
        {
            var wiring = new StringBuilder("link add br0 type bridge forward_delay 0\nlink set br0 up\n");
            for (var number = 1; number <= hosts; number++)
            {
                var host = new LabHost(await NetworkNamespace.CreateAsync(), number);
                lab._hosts.Add(host);
                wiring.Append($"link add {Port(host)} type veth peer name eth0 netns {host.Network.FilePath}\n");
                wiring.Append($"link set {Port(host)} master br0 up\n");
            }

            await lab._switch.MustAsync([ip, "-batch", "-"], wiring.ToString());
            foreach (var host in lab._hosts)
            {
                await host.Network.MustAsync(
                    [ip, "-batch", "-"],
                    $"link set lo up\naddr add {host.V4}/24 dev eth0\naddr add {host.V6}/64 dev eth0 nodad\nlink set eth0 up\n");
            }

            return lab;
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>Pulls a host's cable.</summary>
    public Task CutAsync(LabHost host) => _switch.MustAsync(["ip", "link", "set", Port(host), "down"]);

    /// <summary>Puts it back.</summary>
    public Task RestoreAsync(LabHost host) => _switch.MustAsync(["ip", "link", "set", Port(host), "up"]);

    /// <inheritdoc />
    public void Dispose()
    {
        _hosts.ForEach(host => host.Network.Dispose());
        _switch.Dispose();
    }

    private static string Port(LabHost host) => $"port{host.Number}";
}
