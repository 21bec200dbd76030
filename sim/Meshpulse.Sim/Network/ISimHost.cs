using Meshpulse.Core.Membership;

namespace Meshpulse.Sim.Network;

/// <summary>A host that the network tells of connections and bytes: one of ours, or a model of an original.</summary>
public interface ISimHost
{
    /// <summary>Somebody called.</summary>
    void Accepted(SimSocket socket);

    /// <summary>A call was answered.</summary>
    void Connected(int connection, SimSocket socket);

    /// <summary>A call failed.</summary>
    void DialFailed(int connection, DialFailure failure);

    /// <summary>Bytes, or the end, came.</summary>
    void Readable(SimSocket socket);
}
