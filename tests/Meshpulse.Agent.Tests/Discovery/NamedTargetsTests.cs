using Meshpulse.Agent.Discovery;
using Meshpulse.Core.Config;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Discovery;

public sealed class NamedTargetsTests
{
    private static readonly NodeEndpoint s_one = NodeEndpoint.FromBytes([192, 0, 2, 1], 0);
    private static readonly NodeEndpoint s_other = NodeEndpoint.FromBytes([192, 0, 2, 2], 0);

    private readonly List<(string Host, NodeEndpoint? Before, NodeEndpoint? Now)> _told = [];
    private IReadOnlyList<NodeEndpoint> _answer = [];

    [Fact]
    public async Task A_name_without_an_address_is_told_once()
    {
        await using var names = Names();
        await names.LookAsync();
        await names.LookAsync();
        Assert.Equal([("web1.example", null, null)], _told);
        Assert.Null(names.Find(Address()));
        Assert.Equal("web1.example", names.TextOf(Address()));

        _answer = [s_one];
        await names.LookAsync();
        Assert.Equal(("web1.example", null, s_one), _told[^1]);
        Assert.Equal(s_one.WithPort(4232), names.Find(Address()));
    }

    [Fact]
    public async Task An_address_stays_while_the_name_has_it_or_nobody_answers()
    {
        await using var names = Names();
        _answer = [s_one, s_other];
        await names.LookAsync();
        _answer = [s_other, s_one];
        await names.LookAsync();
        _answer = [];
        await names.LookAsync();
        Assert.Equal([("web1.example", null, s_one)], _told);

        _answer = [s_other];
        await names.LookAsync();
        Assert.Equal(("web1.example", s_one, s_other), _told[^1]);
    }

    private static ServerAddress Address()
    {
        Assert.True(ServerAddress.TryParse("web1.example", 4232, out var address, out _));
        return address;
    }

    private NamedTargets Names()
    {
        var names = new NamedTargets((name, before, now) => _told.Add((name.Host, before, now)), (_, _) => Task.FromResult(_answer));
        names.Want([Address()]);
        return names;
    }
}
