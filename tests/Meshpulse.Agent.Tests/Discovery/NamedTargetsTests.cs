using System.Net.Sockets;
using Meshpulse.Agent.Discovery;
using Meshpulse.Core.Config;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Discovery;

/// <summary>Names that lead elsewhere, and resolvers that are silent, without a resolver.</summary>
public sealed class NamedTargetsTests : IAsyncDisposable
{
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(40);

    private readonly Dictionary<string, NodeEndpoint[]> _zone = new(StringComparer.Ordinal);
    private readonly List<(string Host, NodeEndpoint? Before, NodeEndpoint? Now)> _told = [];
    private readonly List<(string Host, AddressFamily Family)> _asked = [];
    private readonly NamedTargets _names;

    public NamedTargetsTests() => _names = new NamedTargets(
        (address, before, now) => _told.Add((address.Host, before, now)),
        (host, family) =>
        {
            lock (_asked)
            {
                _asked.Add((host, family));
                return Task.FromResult<IReadOnlyList<NodeEndpoint>>(_zone.GetValueOrDefault(host, []));
            }
        });

    public ValueTask DisposeAsync() => _names.DisposeAsync();

    [Fact]
    public async Task An_address_in_use_stays_while_the_name_has_it_whatever_the_order()
    {
        await LookAsync("web", [Ip(1), Ip(2), Ip(3)]);
        Assert.Equal(Ip(1).WithPort(4232), _names.Find(Named("web")));
        await LookAsync("web", [Ip(3), Ip(2), Ip(1)]);
        await LookAsync("web", [Ip(2), Ip(1)]);
        Assert.Equal(Ip(1).WithPort(4232), _names.Find(Named("web")));
        Assert.Equal([("web", null, Ip(1))], _told);
    }

    [Fact]
    public async Task A_name_that_moved_leads_elsewhere_and_is_told_of_once()
    {
        await LookAsync("web", [Ip(1)]);
        await LookAsync("web", [Ip(2), Ip(3)]);
        await LookAsync("web", [Ip(2), Ip(3)]);
        Assert.Equal([("web", null, Ip(1)), ("web", Ip(1), Ip(2))], _told);
        Assert.Equal(Ip(2).WithPort(4232), _names.Find(Named("web")));
        Assert.Equal("192.0.2.2", _names.TextOf(Named("web")));
    }

    [Fact]
    public async Task A_silent_resolver_says_nothing_about_a_host()
    {
        await LookAsync("web", [Ip(1)]);
        await LookAsync("web", []);
        await LookAsync("web", []);
        Assert.Equal(Ip(1).WithPort(4232), _names.Find(Named("web")));
        Assert.Single(_told);
    }

    [Fact]
    public async Task A_name_without_an_address_is_told_of_once_and_found_when_it_has_one()
    {
        await LookAsync("web", []);
        await LookAsync("web", []);
        Assert.Equal([("web", null, null)], _told);
        Assert.Null(_names.Find(Named("web")));
        Assert.Equal("web", _names.TextOf(Named("web")));
        await LookAsync("web", [Ip(5)]);
        Assert.Equal(("web", null, Ip(5)), _told[1]);
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public async Task Only_names_are_looked_up_each_once_and_in_the_family_that_is_wanted()
    {
        _names.Want([Named("web"), Named("web:1"), Named("v6:web"), Named("192.0.2.9"), Named("v4:db")]);
        await _names.LookAsync();
        Assert.Equal(
            [("db", AddressFamily.InterNetwork), ("web", AddressFamily.InterNetworkV6), ("web", AddressFamily.Unspecified)],
            _asked.OrderBy(a => a.Host, StringComparer.Ordinal).ThenByDescending(a => a.Family));
        Assert.Equal(Ip(9).WithPort(4232), _names.Find(Named("192.0.2.9")));
    }

    [Fact]
    public async Task One_name_has_its_address_at_any_port()
    {
        await LookAsync("web", [Ip(1)]);
        Assert.Equal(Ip(1).WithPort(8080), _names.Find(Named("web:8080")));
    }

    [Fact]
    public async Task A_name_that_is_wanted_later_is_looked_up_soon()
    {
        await LookAsync("web", [Ip(1)]);
        await _names.StartAsync(s_hang);
        lock (_asked)
        {
            _zone["db"] = [Ip(2)];
        }

        _names.Want([Named("web"), Named("db")]);
        // The next look that is due, where nothing is missing, is half a minute away.
        Assert.True(SpinWait.SpinUntil(() => _names.Find(Named("db")) is not null, TimeSpan.FromSeconds(20)), "not before the next look that is due");
    }

    [Fact]
    public async Task A_name_that_is_not_wanted_any_more_is_forgotten()
    {
        await LookAsync("web", [Ip(1)]);
        _names.Want([]);
        Assert.Null(_names.Find(Named("web")));
    }

    [Fact]
    public async Task A_dead_resolver_holds_up_neither_the_start_nor_the_other_names_nor_the_end()
    {
        var dead = new TaskCompletionSource<IReadOnlyList<NodeEndpoint>>();
        var told = new TaskCompletionSource<string>();
        var names = new NamedTargets(
            (address, _, _) => told.TrySetResult(address.Host), (host, _) => host == "dead" ? dead.Task : Task.FromResult<IReadOnlyList<NodeEndpoint>>([Ip(1)]));
        names.Want([Named("dead"), Named("web")]);
        await names.StartAsync(TimeSpan.FromMilliseconds(1)).WaitAsync(s_hang);
        Assert.Equal("web", await told.Task.WaitAsync(s_hang));
        Assert.NotNull(names.Find(Named("web")));
        Assert.Null(names.Find(Named("dead")));
        await names.DisposeAsync().AsTask().WaitAsync(s_hang);
    }

    private static NodeEndpoint Ip(byte last) => NodeEndpoint.FromBytes([192, 0, 2, last], 0);

    private static ServerAddress Named(string text)
    {
        Assert.True(ServerAddress.TryParse(text, 4232, out var address, out var problem), problem);
        return address;
    }

    private Task LookAsync(string host, NodeEndpoint[] addresses)
    {
        _zone[host] = addresses;
        _names.Want([Named(host)]);
        return _names.LookAsync();
    }
}
