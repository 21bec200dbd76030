using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>Gives paths their flows: sessions under numbers of their own, with sockets where the target has an address.</summary>
/// <param name="directory">Has the sockets.</param>
/// <param name="firstSsid">The first session id is the one after it.</param>
internal sealed class FlowOpener(PathDirectory directory, ushort firstSsid)
{
    private ushort _ssid = firstSsid;

    /// <summary>Opens all flows of a path, and its search's.</summary>
    /// <param name="path">The path; its old flows, if any, are closed already.</param>
    /// <param name="keepsCounts">What the old flows counted goes on; else what was before them does.</param>
    /// <param name="now">When sockets are looked for.</param>
    public void Open(PathProbe path, bool keepsCounts, MonoTime now)
    {
        for (var i = 0; i < path.Settings.AllFlows; i++)
        {
            var before = path.Flows[i] is not { } old ? default : keepsCounts ? old.Totals : old.Before;
            var flow = new PathFlow(path, i, path.NewSession(), before)
            {
                Ssid = NextSsid(),
                Dscp = path.Settings.DscpOf(i),
                Form = path.FormOf(path.Settings.IsLarge(i) ? path.Settings.LargePayload!.Value : path.Settings.Payload),
            };
            path.SetFlow(i, flow);
        }

        path.Search?.Use(new PathFlow(path, 0, path.NewSession(), default) { Ssid = NextSsid(), Dscp = path.Settings.Dscp, Form = path.Form });
        if (path.Target is { } target)
        {
            Assign(path, target, now);
        }
    }

    /// <summary>Closes them.</summary>
    public void Close(PathProbe path)
    {
        if (path.Target is not { } target)
        {
            return;
        }

        foreach (var flow in path.Flows)
        {
            directory.Release(flow, target);
        }

        if (path.Search?.Flow is { } search)
        {
            directory.Release(search, target);
        }
    }

    private void Assign(PathProbe path, NodeEndpoint target, MonoTime now)
    {
        foreach (var flow in path.Flows)
        {
            directory.Assign(flow, target, isWhole: flow.IsLarge, now);
        }

        if (path.Search?.Flow is { } search)
        {
            directory.Assign(search, target, isWhole: true, now);
        }
    }

    /// <summary>Any but 0, which means none.</summary>
    private ushort NextSsid() => _ssid = _ssid == ushort.MaxValue ? (ushort)1 : (ushort)(_ssid + 1);
}
