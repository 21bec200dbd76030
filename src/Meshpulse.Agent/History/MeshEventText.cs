using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Membership;

namespace Meshpulse.Agent.History;

/// <summary>Which events of the mesh are kept, and how they are told; those of a connection's making are not.</summary>
internal static class MeshEventText
{
    /// <summary>The event as it is kept; null for one that is not.</summary>
    public static HistoryEvent? Of(in MeshEvent happened)
    {
        var node = happened.Name ?? NodeNames.Of(happened.Node);
        var (kind, text) = happened.Kind switch
        {
            MeshEventKind.PeerJoined => ("peer_joined", ""),
            MeshEventKind.PeerLeft => ("peer_left", TextOf(happened.Close)),
            MeshEventKind.ConnectionClosed when happened.Close is not (CloseReason.Duplicate or CloseReason.Self) => ("connection_closed", TextOf(happened.Close)),
            MeshEventKind.DialFailed => ("dial_failed", Words(happened.Failure.ToString())),
            MeshEventKind.ResolveFailed => ("resolve_failed", ""),
            MeshEventKind.Refused => ("refused", Words(happened.Refusal.ToString())),
            MeshEventKind.Silent => ("silent", $"for {happened.Length}"),
            _ => ("", ""),
        };
        var more = happened.Suppressed > 0 ? $"{(text.Length > 0 ? "; " : "")}{happened.Suppressed} more were not told" : "";
        return kind.Length == 0 ? null : new HistoryEvent(happened.At, kind, node, text + more);
    }

    private static string TextOf(CloseReason reason) => reason switch
    {
        CloseReason.EndOfStream => "it closed the connection",
        CloseReason.Reset => "the connection was reset",
        CloseReason.TimedOut => "what was sent was not acknowledged",
        CloseReason.Silent => "it said nothing any more",
        CloseReason.NotReading => "it did not read any more",
        CloseReason.Leaving => "this node ends",
        _ => Words(reason.ToString()),
    };

    /// <summary>The words of a name such as <c>FrameTimeout</c>.</summary>
    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? " " : "")}{char.ToLowerInvariant(c)}" : c.ToString()));
}
