using System.Text;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Switching;

/// <summary>
/// Hosts, each a network namespace, on a switch that can delay, drop, duplicate, reorder and mark what they send to each other: per direction, and
/// per flow. Unlike in a <see cref="NetworkLab"/>, whose frames the kernel carries, a program here passes them on and keeps books of UDP, so
/// that a test can compare to the packet.
/// <para>
/// To use it: make one, start programs inside its hosts (<c>NodeProcess.StartAsync(arguments, host.Network)</c>) or open sockets there
/// (<c>host.Network.InsideAsync</c>), and say what each direction does, before or while they run:
/// <code>
/// using var lab = await SwitchLab.CreateAsync(2);
/// var (a, b) = (lab.Hosts[0], lab.Hosts[1]);
/// lab.Wire(a, b).Set(Fault.OfPort(862) with { Delay = Duration.FromMilliseconds(5), Drop = Pick.Every(100) });
/// ...
/// await lab.SettleAsync();
/// Assert.Equal(lab.Wire(a, b).Count(862).Dropped, reported);
/// </code>
/// The hosts know each other's Ethernet addresses from the start, so that no packet waits for a neighbour to be found. Nothing of it is visible
/// in our own network, and nothing can be left behind.
/// </para>
/// </summary>
internal sealed class SwitchLab : IDisposable
{
    /// <summary>The most hosts: the last byte of an IPv4 address.</summary>
    public const int MostHosts = 250;

    // Frames that a host has sent and the switch has not read yet; the kernel's 500 are soon full where nobody reads for a while.
    private const int DeviceQueue = 16_384;

    private readonly EthernetSwitch _switch;

    private SwitchLab(IReadOnlyList<LabHost> hosts, EthernetSwitch @switch) => (Hosts, _switch) = (hosts, @switch);

    /// <summary>The hosts; the first has number 1.</summary>
    public IReadOnlyList<LabHost> Hosts { get; }

    /// <summary>Builds a lab. Skips the test where that is not allowed or <c>ip</c> is missing.</summary>
    public static async Task<SwitchLab> CreateAsync(int hosts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hosts, MostHosts);
        var ip = Tool.Require("ip", "iproute2");
        var made = new List<LabHost>();
        var devices = new List<TapDevice>();
        try
        {
            for (var number = 1; number <= hosts; number++)
            {
                made.Add(new LabHost(await NetworkNamespace.CreateAsync(), number));
                devices.Add(await TapDevice.OpenAsync(made[^1].Network, "eth0"));
            }

            foreach (var host in made)
            {
                await host.Network.MustAsync([ip, "-batch", "-"], Wiring(host, made));
            }

            return new SwitchLab(made, new EthernetSwitch(devices));
        }
        catch
        {
            devices.ForEach(device => device.Dispose());
            made.ForEach(host => host.Network.Dispose());
            throw;
        }
    }

    /// <summary>The direction from one host to another.</summary>
    public SwitchWire Wire(LabHost from, LabHost to) => _switch.Between(from.Number, to.Number);

    /// <summary>Waits until all that was sent is in the books and nothing is under way any more. Whoever sends has to have stopped.</summary>
    public Task SettleAsync()
    {
        var before = _switch.IdleTurns;
        return Until.HoldsAsync(() => _switch.IdleTurns - before >= 2, () => $"the switch does not come to rest\n{this}");
    }

    /// <inheritdoc />
    public override string ToString() => string.Join('\n', [
        $"switch: {_switch.Strays} strays, {_switch.Refused} refused",
        .. Hosts.SelectMany(from => Hosts.Where(to => to != from)
            .SelectMany(to => Wire(from, to).Flows.Select(flow => $"  {from.Number} -> {to.Number} {flow.Key}: {flow.Value}"))),
    ]);

    /// <inheritdoc />
    public void Dispose()
    {
        _switch.Dispose();
        foreach (var host in Hosts)
        {
            host.Network.Dispose();
        }
    }

    private static string Wiring(LabHost host, IEnumerable<LabHost> all)
    {
        var wiring = new StringBuilder("link set lo up\n");
        wiring.Append($"link set eth0 address {EthernetSwitch.AddressOf(host.Number)} txqueuelen {DeviceQueue}\n");
        wiring.Append($"addr add {host.V4}/24 dev eth0\naddr add {host.V6}/64 dev eth0 nodad\nlink set eth0 up\n");
        foreach (var other in all.Where(other => other != host))
        {
            var address = EthernetSwitch.AddressOf(other.Number);
            wiring.Append($"neigh add {other.V4} lladdr {address} dev eth0 nud permanent\n");
            wiring.Append($"neigh add {other.V6} lladdr {address} dev eth0 nud permanent\n");
        }

        return wiring.ToString();
    }
}
