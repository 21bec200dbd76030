using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Machines;

/// <summary>Hands what the mesh node tells to the recorder, and to the paths who comes and goes.</summary>
internal sealed class AgentObserver(SliceRecorder recorder, AgentPaths paths) : IMeshObserver
{
    public void OnReceived(int peer, in HeartbeatArrival arrival) => recorder.OnReceived(peer, arrival);

    public void OnSent(int peer, in SendSlot slot) => recorder.OnSent(peer, slot);

    public void OnUnsent(int peer, UnsentReason reason, long count) => recorder.OnUnsent(peer, reason, count);

    public void OnWoke(MonoTime at, Duration lateness) => recorder.OnWoke(at, lateness);

    public void OnGap(ReceiveGap gap) => recorder.OnGap(gap);

    public void OnEvent(in MeshEvent happened)
    {
        recorder.OnEvent(happened);
        if (happened.Kind == MeshEventKind.PeerJoined)
        {
            paths.OnJoined(happened.Peer, happened.Node);
        }
        else if (happened.Kind == MeshEventKind.PeerLeft)
        {
            paths.OnLeft(happened.Peer);
        }
    }
}
