using System.Collections.Concurrent;
using System.Net;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Tests.Reflecting;

/// <summary>An agent's reflectors by themselves: where they come, move and go.</summary>
public sealed class StampReflectorsTests
{
    private readonly ConcurrentQueue<string> _mesh = new();
    private readonly ConcurrentQueue<string> _checks = new();

    [Fact]
    public async Task A_port_that_becomes_free_is_taken_and_both_are_told_once()
    {
        var at = Place("127.0.95.1");
        var holder = UdpHolder.Take(at);
        await using var reflectors = Reflectors(null);
        await reflectors.StartAsync(new StampPlace { At = at });
        // Tried again and again in between, it is not told again.
        await reflectors.MoveAsync(new StampPlace { At = at });
        Assert.False(reflectors.IsUp);
        Assert.Empty(reflectors.Endpoints);
        holder.Dispose();
        await Eventually.TrueAsync(() => reflectors.IsUp, "it listens");
        using var sender = new StampAsker(IPAddress.Parse("127.0.95.9"));
        _ = sender.Ask(StampAsker.Request(0, 1), at);
        await Eventually.TrueAsync(() => _checks.Count == 2, () => string.Join('\n', _checks));
        Assert.Equal($"STAMP is not answered at {at} (UDP): the port is in use by another program. It is tried again every 10 s", _checks.First());
        Assert.Equal($"STAMP is answered at {at} now", _checks.Last());
    }

    [Fact]
    public async Task Other_keys_take_the_place_of_the_old_and_the_same_change_nothing()
    {
        Assert.True(StampKey.TryParse("00ff", out var old));
        Assert.True(StampKey.TryParse("01ff", out var other));
        var at = Place("127.0.95.2");
        await using var reflectors = Reflectors(null);
        await reflectors.StartAsync(new StampPlace { At = at, Keys = new StampKeyRing(old) });
        using var sender = new StampAsker(IPAddress.Parse("127.0.95.9"));
        Assert.Equal(0u, NumberOf(sender.Ask(StampAsker.Signed(0, 1, old), at)));
        await reflectors.MoveAsync(new StampPlace { At = at, Keys = new StampKeyRing(old) });
        Assert.Equal(1u, NumberOf(sender.Ask(StampAsker.Signed(1, 1, old), at)));

        await reflectors.MoveAsync(new StampPlace { At = at, Keys = new StampKeyRing(other) });
        sender.Send(StampAsker.Signed(2, 1, old), at);
        Assert.Equal(2u, NumberOf(sender.Ask(StampAsker.Signed(3, 1, other), at)));
        Assert.False(sender.HasMore);
        Assert.Equal((3L, 4L), (reflectors.Counts.Answered, reflectors.Counts.Packets));
        Assert.Equal([$"STAMP is answered at {at}, authenticated by other keys, now"], _checks);
    }

    [Fact]
    public async Task An_address_that_is_not_of_this_host_means_all_and_then_one_for_the_mesh_as_well()
    {
        var mesh = Place("127.0.95.3");
        var elsewhere = NodeEndpoint.FromBytes([192, 0, 2, 1], mesh.Port);
        await using var reflectors = Reflectors(new StampPlace { At = mesh });
        await reflectors.StartAsync(new StampPlace { At = elsewhere, OrAnywhere = true });
        Assert.Equal([NodeEndpoint.AnyAddress(isV6: false, mesh.Port)], reflectors.Endpoints);
        using var sender = new StampAsker(IPAddress.Parse("127.0.95.9"));
        _ = sender.Ask(StampAsker.Request(0, 1), mesh);

        // Where the checks go elsewhere, the mesh has its own again.
        var checks = Place("127.0.95.4");
        await reflectors.MoveAsync(new StampPlace { At = checks, OrAnywhere = true });
        await Eventually.TrueAsync(() => reflectors.Endpoints.SequenceEqual([mesh, checks]), () => string.Join(' ', reflectors.Endpoints));
        await reflectors.MoveAsync(null);
        Assert.Equal([mesh], reflectors.Endpoints);
        _ = sender.Ask(StampAsker.Request(1, 1), mesh);
        Assert.Equal(2, reflectors.Counts.Answered);
    }

    [Fact]
    public async Task In_the_end_all_ports_are_given_back()
    {
        var (mesh, checks) = (Place("127.0.95.5"), Place("127.0.95.6"));
        var reflectors = Reflectors(new StampPlace { At = mesh });
        await reflectors.StartAsync(new StampPlace { At = checks });
        await reflectors.DisposeAsync();
        // A change that comes too late opens nothing.
        await reflectors.MoveAsync(new StampPlace { At = mesh });
        foreach (var at in new[] { mesh, checks })
        {
            await UdpHolder.TakeAsync(at);
        }
    }

    private StampReflectors Reflectors(StampPlace? mesh) => new(mesh, _mesh.Enqueue, _checks.Enqueue, retry: TimeSpan.FromMilliseconds(20));

    private static uint NumberOf(byte[] reply) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(reply);

    /// <summary>A place that no other test uses.</summary>
    private static NodeEndpoint Place(string address) => NodeEndpoint.From(IPAddress.Parse(address), Ports.Next());
}
