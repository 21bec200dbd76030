using Meshpulse.Core.Probing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>
/// What the mesh asks of the network. The agent answers with sockets, the simulator with a model; neither decides
/// anything. No call may block, throw, or call back into the mesh before it returns.
/// </summary>
public interface IMeshTransport
{
    /// <summary>Begins a connection; its end is told by <see cref="MeshNode.OnConnected"/> or <see cref="MeshNode.OnDialFailed"/>.</summary>
    void Dial(int connection, NodeEndpoint remote);

    /// <summary>Hands a whole frame over, or nothing of it.</summary>
    SendOutcome Send(int connection, ReadOnlySpan<byte> frame);

    /// <summary>Ends a connection or a dial; its number may be used again at once.</summary>
    void Close(int connection, bool abort);

    /// <summary>Looks a host name up; the answer comes by <see cref="MeshNode.OnResolved"/>.</summary>
    void Resolve(int server, string host);

    /// <summary>What the transport knows of the connection just now.</summary>
    bool TryGetInfo(int connection, out TransportInfo info);
}
