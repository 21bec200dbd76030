using System.Globalization;
using System.Net;
using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Fleet;

public sealed class SourceLimitsTests
{
    private static readonly IPAddress s_one = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_other = IPAddress.Parse("192.0.2.2");

    private MonoTime _now = new(5_000_000_000);

    private SourceLimits Limits => field ??= new SourceLimits(() => _now);

    [Fact]
    public void A_source_asks_so_often_in_a_second_and_others_do_not_notice()
    {
        for (var i = 0; i < SourceLimits.RequestsPerSecond; i++)
        {
            Assert.True(Ask(s_one));
        }

        Assert.False(Ask(s_one));
        Assert.False(Ask(s_one.MapToIPv6()));
        Assert.True(Ask(s_other));
        _now += Duration.FromSeconds(1);
        Assert.True(Ask(s_one));
    }

    [Fact]
    public void So_many_of_a_source_wait_at_once()
    {
        for (var i = 0; i < SourceLimits.MaxWaitingOfSource; i++)
        {
            Assert.True(Limits.TryBegin(s_one));
        }

        _now += Duration.FromSeconds(1);
        Assert.False(Limits.TryBegin(s_one));
        Limits.End(s_one, 0);
        Assert.True(Limits.TryBegin(s_one));
    }

    [Fact]
    public void So_many_wait_altogether()
    {
        for (var i = 0; i < SourceLimits.MaxWaiting; i++)
        {
            Assert.True(Limits.TryBegin(Address(i)));
        }

        Assert.False(Limits.TryBegin(s_one));
        Limits.End(Address(0), 0);
        Assert.True(Limits.TryBegin(s_one));
    }

    [Fact]
    public void A_source_takes_so_many_bytes_in_a_second()
    {
        Assert.True(Limits.TryBegin(s_one));
        Limits.End(s_one, 100_000_000);
        Assert.False(Limits.TryBegin(s_one));
        Assert.True(Ask(s_other));
        _now += Duration.FromSeconds(1);
        Assert.True(Ask(s_one));
    }

    [Fact]
    public void A_network_of_IPv6_is_one_source()
    {
        for (var i = 0; i < SourceLimits.RequestsPerSecond; i++)
        {
            Assert.True(Ask(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:1:2::{i + 1:x}"))));
        }

        Assert.False(Ask(IPAddress.Parse("2001:db8:1:2:ffff::1")));
        Assert.True(Ask(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void Sources_are_forgotten()
    {
        for (var i = 0; i < 4_096; i++)
        {
            Assert.True(Ask(Address(i)));
        }

        Assert.False(Ask(s_one));
        _now += Duration.FromSeconds(1);
        Assert.True(Ask(s_one));
    }

    private static IPAddress Address(int i) => new([10, 0, (byte)(i >> 8), (byte)i]);

    private bool Ask(IPAddress source)
    {
        var may = Limits.TryBegin(source);
        if (may)
        {
            Limits.End(source, 0);
        }

        return may;
    }
}
