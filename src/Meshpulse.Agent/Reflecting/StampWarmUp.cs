using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Reflecting;

/// <summary>
/// Walks a reflector's paths before anybody measures: a method that runs for the first time is compiled first, which takes milliseconds.
/// They would not be in the figures of senders who subtract T3 - T2, but in everyone else's.
/// </summary>
internal static class StampWarmUp
{
    private const int Rounds = 40;

    /// <summary>Takes some ten milliseconds; does nothing where there is no IPv4 loopback.</summary>
    public static void Run()
    {
        try
        {
            var loopback = NodeEndpoint.FromBytes([127, 0, 0, 1], 0);
            _ = StampKey.TryCreate([1], out var key);
            foreach (var mode in (ReadOnlySpan<StampMode>)[StampMode.Unauthenticated, StampMode.Authenticated])
            {
                var options = new StampResponderOptions { Mode = mode, Keys = new StampKeyRing(key), Sessions = 16 };
                using var reflector = StampReflectorSocket.Open(loopback, options);
                using var sender = UdpSocket.Open(loopback, default);
                Exchange(reflector, new StampResponder(options, seed: 1), sender, mode, key);
            }
        }
        catch (SocketSetupException)
        {
            // The first replies are a little late then.
        }
    }

    private static void Exchange(StampReflectorSocket reflector, StampResponder responder, UdpSocket sender, StampMode mode, in StampKey key)
    {
        Span<byte> request = stackalloc byte[256];
        var length = StampWire.WriteRequest(request, mode, new StampSenderPacket(0, default, StampErrorEstimate.Unknown, 1));
        if (mode == StampMode.Authenticated)
        {
            StampMac.SignPacket(key, request);
        }

        var tlvs = new StampTlvWriter(request[length..]);
        tlvs.AddFollowUp();
        tlvs.AddHmac(key, 0);
        for (var i = 0; i < Rounds; i++)
        {
            // Loopback delivers within the call.
            _ = sender.SendTo(request[..(length + (i % 2 == 0 ? tlvs.Length : 0))], reflector.Local);
            reflector.Serve(responder);
        }

        reflector.CountDrops();
    }
}
