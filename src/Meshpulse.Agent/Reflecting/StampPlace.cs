using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Reflecting;

/// <summary>Where an agent is to answer STAMP, and whom. Two are equal where nothing has to change from one to the other.</summary>
internal sealed record StampPlace
{
    /// <summary>Where it listens; an unspecified address is all of its family.</summary>
    public required NodeEndpoint At { get; init; }

    /// <summary>The valid keys, which means authenticated mode; null without.</summary>
    public StampKeyRing? Keys { get; init; }

    /// <summary>The networks that are answered; none given, all are.</summary>
    public IReadOnlyList<AddressNetwork> Allow { get; init; } = [];

    /// <summary>Listen at all addresses of the family where the one of <see cref="At"/> is not this host's (NAT, floating addresses).</summary>
    public bool OrAnywhere { get; init; }

    /// <summary>The same with the choice of <see cref="OrAnywhere"/> made, as this host's addresses are now.</summary>
    public StampPlace Chosen() =>
        this with { At = OrAnywhere && !IsHere(At) ? NodeEndpoint.AnyAddress(At.IsV6, At.Port) : At, OrAnywhere = false };

    /// <summary>True where a socket here would take what comes to the other, so that both can't have one.</summary>
    public bool Covers(StampPlace other) => At.Port == other.At.Port && (At.SameAddress(other.At) || (At.IsUnspecified && At.IsV6 == other.At.IsV6));

    /// <summary>What a reflector here is started with.</summary>
    public StampReflectorOptions ToOptions() => new()
    {
        Listen = [At],
        Responder = new StampResponderOptions
        {
            Mode = Keys is null ? StampMode.Unauthenticated : StampMode.Authenticated,
            Keys = Keys,
            Allow = Allow,
        },
    };

    private static bool IsHere(NodeEndpoint address)
    {
        try
        {
            using var socket = UdpSocket.Open(address.WithPort(0), default);
            return true;
        }
        catch (SocketSetupException e)
        {
            return e.Error != Errno.EADDRNOTAVAIL;
        }
    }
}
