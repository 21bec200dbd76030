using System.Net;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Wire.Tests.Primitives;

public class NodeEndpointTests
{
    [Theory]
    [InlineData("127.0.1.2:12222")]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::1]:65535")]
    [InlineData("[2001:db8::7]:12222")]
    public void Text_reads_back(string text)
    {
        Assert.True(NodeEndpoint.TryParse(text, out var endpoint));
        Assert.Equal(text, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1:12222")]
    [InlineData("[127.0.0.1]:12222")]
    [InlineData("host:12222")]
    public void Text_that_is_no_endpoint_is_refused(string text) => Assert.False(NodeEndpoint.TryParse(text, out _));

    [Fact]
    public void A_mapped_address_is_the_IPv4_address() =>
        Assert.Equal(NodeEndpoint.From(IPAddress.Parse("10.1.2.3"), 5), NodeEndpoint.From(IPAddress.Parse("::ffff:10.1.2.3"), 5));

    [Fact]
    public void The_order_is_by_family_then_address_then_port()
    {
        string[] ordered = ["9.0.0.1:9", "10.0.0.1:1", "10.0.0.1:2", "200.0.0.1:1", "[::1]:1", "[2001:db8::]:1"];
        var parsed = ordered.Select(t => NodeEndpoint.TryParse(t, out var e) ? e : default).ToArray();

        Assert.Equal(parsed, parsed.Reverse().Order().ToArray());
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1:1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1:1", false)]
    [InlineData("10.1.2.3", "10.1.2.3:9", true)]
    [InlineData("10.1.2.3", "10.1.2.4:9", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8:1", true)]
    [InlineData("0.0.0.0/0", "[::1]:1", false)]
    [InlineData("2001:db8::/33", "[2001:db8:7fff::1]:1", true)]
    [InlineData("2001:db8::/33", "[2001:db8:8000::1]:1", false)]
    public void A_network_contains_its_addresses_only(string network, string endpoint, bool expected)
    {
        Assert.True(AddressNetwork.TryParse(network, out var parsed));
        Assert.True(NodeEndpoint.TryParse(endpoint, out var node));
        Assert.Equal(expected, parsed.Contains(node));
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("nonsense/8")]
    [InlineData("")]
    public void A_network_that_is_none_is_refused(string text) => Assert.False(AddressNetwork.TryParse(text, out _));
}
