using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Bench.Micro;

/// <summary>A network that takes everything and brings nothing.</summary>
internal sealed class NullTransport : IMeshTransport
{
    public void Dial(int connection, NodeEndpoint remote)
    {
    }

    public SendOutcome Send(int connection, ReadOnlySpan<byte> frame) => SendOutcome.Sent;

    public void Close(int connection, bool abort)
    {
    }

    public void Resolve(int server, string host)
    {
    }

    public bool TryGetInfo(int connection, out TransportInfo info)
    {
        info = default;
        return false;
    }
}
