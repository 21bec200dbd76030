using Meshpulse.Agent.Hosting;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class NodeLabelsTests
{
    [Fact]
    public void A_node_is_called_by_its_address_where_that_names_it_alone()
    {
        var labels = new NodeLabels(Node("10.0.0.1:12222"), [Node("10.0.0.2:12222"), Node("[2001:db8::1]:12222")]);
        Assert.Equal("10.0.0.1", labels.Of(Node("10.0.0.1:12222")));
        Assert.Equal("10.0.0.2", labels.Of(Node("10.0.0.2:12222")));
        Assert.Equal("2001:db8::1", labels.Of(Node("[2001:db8::1]:12222")));
    }

    [Fact]
    public void Nodes_that_share_an_address_are_called_by_their_ports_too()
    {
        NodeEndpoint[] others = [Node("10.0.0.2:1"), Node("10.0.0.2:2"), Node("10.0.0.3:1"), Node("[::1]:7"), Node("[::1]:8")];
        var labels = new NodeLabels(Node("10.0.0.1:12222"), others);
        Assert.Equal(["10.0.0.2:1", "10.0.0.2:2", "10.0.0.3", "[::1]:7", "[::1]:8"], others.Select(labels.Of));
        Assert.Equal("10.0.0.1", labels.Of(Node("10.0.0.1:12222")));
    }

    [Fact]
    public void A_node_on_our_own_address_makes_both_carry_their_ports()
    {
        var labels = new NodeLabels(Node("127.0.0.1:12222"), [Node("127.0.0.1:12322")]);
        Assert.Equal("127.0.0.1:12222", labels.Of(Node("127.0.0.1:12222")));
        Assert.Equal("127.0.0.1:12322", labels.Of(Node("127.0.0.1:12322")));
    }

    private static NodeEndpoint Node(string text) => NodeEndpoint.TryParse(text, out var node) ? node : throw new ArgumentException(text, nameof(text));
}
