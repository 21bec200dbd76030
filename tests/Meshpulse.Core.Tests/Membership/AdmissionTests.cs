using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

public sealed class AdmissionTests
{
    private readonly MeshCounters _counters = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Places_are_bounded_by_address_and_in_all_and_given_back(ulong seed)
    {
        var random = new SplitMix64(seed);
        var admission = New(new MeshOptions { Self = Nodes.Self, MaxPending = 20, MaxPendingPerAddress = 6 });
        var inside = new List<NodeEndpoint>();
        for (var i = 0; i < 20_000; i++)
        {
            var story = $"seed {seed}, round {i}";
            if (inside.Count > 0 && random.Below(100) < 45)
            {
                var leaver = inside[random.Below(inside.Count)];
                inside.Remove(leaver);
                admission.Leave(leaver);
                continue;
            }

            // Ports differ, as those of callers do: the address is what counts.
            var remote = Nodes.Of(random.Below(5), 1_000 + random.Below(60_000));
            var full = inside.Count >= 20 || inside.Count(r => r.SameAddress(remote)) >= 6;
            var refusal = admission.TryEnter(remote, inside.Count);
            Assert.True(refusal == (full ? RefusalReason.TooManyPending : RefusalReason.None), $"{story}: {refusal} with {inside.Count} inside");
            if (!full)
            {
                inside.Add(remote);
            }
        }

        inside.ForEach(admission.Leave);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(RefusalReason.None, admission.TryEnter(Nodes.Of(1, 5_000 + i), 0));
        }
    }

    [Fact]
    public void Who_is_refused_takes_no_place()
    {
        var options = new MeshOptions { Self = Nodes.Self, MaxPeers = 1, MaxPending = 2, Allow = [Network("10.0.0.0/24")] };
        var admission = New(options);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(RefusalReason.NotAllowed, admission.TryEnter(Nodes.Higher(1), 0));
            Assert.Equal(RefusalReason.TooManyConnections, admission.TryEnter(Nodes.Of(1), options.MaxConnections));
        }

        Assert.Equal(RefusalReason.None, admission.TryEnter(Nodes.Of(1), 0));
        Assert.Equal(RefusalReason.None, admission.TryEnter(Nodes.Of(1), options.MaxConnections - 1));
        Assert.Equal(RefusalReason.TooManyPending, admission.TryEnter(Nodes.Of(2), 2));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_refusal_is_counted_always_and_told_once_a_minute_with_the_number_in_between(ulong seed)
    {
        var random = new SplitMix64(seed);
        var admission = New(Nodes.Options);
        var (now, counted, told, suppressedInAll) = (Nodes.At(0), 0L, 0L, 0L);
        MonoTime? lastTold = null;
        for (var i = 0; i < 20_000; i++)
        {
            // The busiest source: never quiet for a minute, so nothing of it is forgotten in between.
            now += new Duration(random.Below(2_000_000_000));
            if (random.Below(10) == 0)
            {
                admission.Sweep(now);
            }

            counted++;
            if (admission.Refuse(Nodes.Of(1, random.Below(60_000)), RefusalReason.Flood, now, out var suppressed))
            {
                Assert.True(lastTold is null || now - lastTold.Value >= Duration.FromSeconds(60), $"seed {seed}, round {i}");
                (lastTold, told, suppressedInAll) = (now, told + 1, suppressedInAll + suppressed);
            }
            else
            {
                Assert.True(suppressed == 0 && now - lastTold!.Value < Duration.FromSeconds(60), $"seed {seed}, round {i}");
            }
        }

        now += Duration.FromSeconds(60);
        Assert.True(admission.Refuse(Nodes.Of(1), RefusalReason.Flood, now, out var last));
        Assert.Equal(counted, told + suppressedInAll + last);
        Assert.Equal(counted + 1, _counters.Refused[(int)RefusalReason.Flood]);
    }

    [Fact]
    public void Sources_and_reasons_are_told_apart()
    {
        var admission = New(Nodes.Options);
        Assert.True(admission.Refuse(Nodes.Of(1), RefusalReason.Flood, Nodes.At(0), out _));
        Assert.True(admission.Refuse(Nodes.Of(1), RefusalReason.FrameLength, Nodes.At(0), out _));
        Assert.True(admission.Refuse(Nodes.Of(2), RefusalReason.Flood, Nodes.At(0), out _));
        Assert.False(admission.Refuse(Nodes.Of(2), RefusalReason.Flood, Nodes.At(1), out _));
    }

    [Fact]
    public void Ever_new_sources_are_counted_but_not_all_remembered()
    {
        var admission = New(Nodes.Options);
        var told = Enumerable.Range(0, 5_000).Count(i => admission.Refuse(Nodes.Of(i), RefusalReason.FrameLength, Nodes.At(0), out _));
        Assert.Equal(256, told);
        Assert.Equal(5_000, _counters.Refused[(int)RefusalReason.FrameLength]);
        admission.Sweep(Nodes.At(59));
        Assert.False(admission.Refuse(Nodes.Of(9_999), RefusalReason.FrameLength, Nodes.At(59), out _));
        admission.Sweep(Nodes.At(60));
        Assert.True(admission.Refuse(Nodes.Of(9_999), RefusalReason.FrameLength, Nodes.At(60), out _));
    }

    [Theory]
    [InlineData("10.0.0.1:12222", true)]
    [InlineData("[2001:db8::1]:1", true)]
    [InlineData("10.0.0.1:0", false)]
    [InlineData("0.0.0.0:12222", false)]
    [InlineData("[::]:12222", false)]
    [InlineData("224.0.0.1:12222", false)]
    [InlineData("255.255.255.255:12222", false)]
    [InlineData("[ff02::1]:12222", false)]
    [InlineData("[fe80::1]:12222", false)]
    public void Some_addresses_can_be_no_node(string text, bool expected)
    {
        Assert.True(NodeEndpoint.TryParse(text, out var node));
        Assert.Equal(expected, Admission.CanBeNode(node));
        Assert.Equal(expected, New(Nodes.Options).MayBeCalled(node));
    }

    [Fact]
    public void A_list_can_point_at_loopback_only_where_the_mesh_lives_there()
    {
        var loopback = NodeEndpoint.FromBytes([127, 0, 0, 2], 12222);
        Assert.False(New(Nodes.Options).MayBeCalled(loopback));
        Assert.True(New(new MeshOptions { Self = loopback }).MayBeCalled(loopback));
    }

    private Admission New(MeshOptions options) => new(options, _counters);

    private static AddressNetwork Network(string text) => AddressNetwork.TryParse(text, out var network) ? network : throw new ArgumentException(text, nameof(text));
}
