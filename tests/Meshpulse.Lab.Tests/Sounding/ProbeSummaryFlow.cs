using System.Text.Json;

namespace Meshpulse.Lab.Sounding;

/// <summary>What became of the packets of a flow, or of all.</summary>
internal readonly record struct ProbeSummaryFlow(
    int SourcePort, long Sent, long Answered, long Late, long LostForward, long LostBackward, long LostUnknown, long Duplicates, long Reordered)
{
    public ProbeSummaryFlow(JsonElement json)
        : this(
            json.TryGetProperty("source_port", out var port) ? port.GetInt32() : 0,
            json.GetProperty("sent").GetInt64(),
            json.GetProperty("answered").GetInt64(),
            json.GetProperty("late").GetInt64(),
            json.GetProperty("lost_forward").GetInt64(),
            json.GetProperty("lost_backward").GetInt64(),
            json.GetProperty("lost_unknown").GetInt64(),
            json.GetProperty("duplicates").GetInt64(),
            json.GetProperty("reordered").GetInt64())
    {
    }

    /// <summary>In both directions and in neither.</summary>
    public long Lost => LostForward + LostBackward + LostUnknown;

    /// <summary>The losses by their direction.</summary>
    public (long Forward, long Backward, long Unknown) Losses => (LostForward, LostBackward, LostUnknown);
}
