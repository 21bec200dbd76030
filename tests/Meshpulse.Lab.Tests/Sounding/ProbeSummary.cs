using System.Text.Json;
using Meshpulse.Core.Time;

namespace Meshpulse.Lab.Sounding;

/// <summary>What <c>meshpulse probe --json</c> has told.</summary>
internal sealed class ProbeSummary
{
    private readonly JsonElement _json;

    public ProbeSummary(string text)
    {
        using var document = JsonDocument.Parse(text);
        _json = document.RootElement.Clone();
    }

    /// <summary>The flows, in the order of their turns.</summary>
    public IReadOnlyList<ProbeSummaryFlow> Flows => [.. _json.GetProperty("flows").EnumerateArray().Select(flow => new ProbeSummaryFlow(flow))];

    /// <summary>All flows together.</summary>
    public ProbeSummaryFlow Total => new(_json);

    /// <summary>A number of the object, by its name.</summary>
    public long this[string name] => _json.GetProperty(name).GetInt64();

    /// <summary>Replies of which the reflector told afterwards when they left (Follow-Up Telemetry).</summary>
    public long FollowedUp => _json.GetProperty("timestamps").GetProperty("reflector_kernel").GetInt64();

    /// <summary>A delay, as in <c>("rtt_ms", "p50")</c>, in milliseconds.</summary>
    public double Delay(string name, string figure) => _json.GetProperty(name).GetProperty(figure).GetDouble();

    /// <summary>Fails where the offset is not told, is told worse than the path allows, or can't be what it is in truth.</summary>
    /// <param name="truth">By how much the target's clock is ahead.</param>
    /// <param name="width">The interval is not wider.</param>
    public void AssertOffset(Duration truth, Duration width)
    {
        var offset = _json.GetProperty("offset_ms");
        Assert.True(offset.GetProperty("low").ValueKind == JsonValueKind.Number, $"the offset is unknown in {this}");
        var (low, high) = (offset.GetProperty("low").GetDouble(), offset.GetProperty("high").GetDouble());
        Assert.True(low <= truth.Milliseconds && truth.Milliseconds <= high, $"{truth.Milliseconds} ms is not from {low} to {high} in {this}");
        Assert.True(high - low <= width.Milliseconds, $"{low} to {high} says too little in {this}");
    }

    /// <inheritdoc />
    public override string ToString() => _json.GetRawText();
}
