using System.Net;
using System.Net.Sockets;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Networks;

/// <summary>A host of the lab: a network namespace with one interface, <c>eth0</c>, and an address of each family.</summary>
internal sealed class LabHost(NetworkNamespace network, int number)
{
    /// <summary>Its namespace.</summary>
    public NetworkNamespace Network { get; } = network;

    /// <summary>Its number, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>Its IPv4 address; the network is 10.77.0.0/24.</summary>
    public IPAddress V4 { get; } = IPAddress.Parse($"10.77.0.{number}");

    /// <summary>Its IPv6 address; the network is fd77::/64.</summary>
    public IPAddress V6 { get; } = IPAddress.Parse($"fd77::{number:x}");

    /// <summary>Drops what comes from an address, without a word to the sender.</summary>
    public Task DropFromAsync(IPAddress source) =>
        DropAsync(source.AddressFamily == AddressFamily.InterNetwork ? $"ip saddr {source}" : $"ip6 saddr {source}");

    /// <summary>Drops what comes in and fits an expression of nft(8); only one thing is dropped at a time.</summary>
    public Task DropAsync(string match) =>
        NftAsync($"table inet lab {{ chain input {{ type filter hook input priority 0; {match} drop; }}; }}");

    /// <summary>
    /// From now on the kernel refuses to send what fits an expression of nft(8), and says so to the sender; it ends with the lab. A program that probes
    /// for ever can be compared to the packet then: it goes on, and nothing leaves.
    /// </summary>
    public Task RefuseToSendAsync(string match) =>
        NftAsync($"table inet mute {{ chain output {{ type filter hook output priority 0; {match} drop; }}; }}");

    /// <summary>Ends the dropping.</summary>
    public Task AcceptAsync() => NftAsync("delete table inet lab");

    private Task NftAsync(string rules) => Network.MustAsync([Tool.Require("nft", "nftables"), "-f", "-"], rules + "\n");
}
