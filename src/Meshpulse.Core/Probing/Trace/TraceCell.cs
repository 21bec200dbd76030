using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Trace;

/// <summary>One hop of one flow: counts, delays and who answered.</summary>
internal sealed class TraceCell
{
    // More than real paths have; what forged answers could add is bounded by it.
    private const int MostAddresses = 8;

    private readonly List<TraceAddress> _addresses = [];
    private TraceCounts _counts;
    private TraceDelays? _delays;

    public TraceCounts Counts => _counts;

    public void Sent() => _counts = _counts with { Sent = _counts.Sent + 1 };

    public void Lost() => _counts = _counts with { Lost = _counts.Lost + 1 };

    public void Unattributed() => _counts = _counts with { Unattributed = _counts.Unattributed + 1 };

    public void Answered(in TraceAnswer answer, Duration delay, bool wasLost)
    {
        _counts = _counts with { Answered = _counts.Answered + 1, Lost = _counts.Lost - (wasLost ? 1 : 0) };
        _delays = TraceDelays.Join(_delays, new TraceDelays(1, delay, delay, delay, delay, answer.Arrived));
        Note(answer);
    }

    public void Late(in TraceAnswer answer, bool wasLost)
    {
        _counts = _counts with { Late = _counts.Late + 1, Lost = _counts.Lost - (wasLost ? 1 : 0) };
        Note(answer);
    }

    public TraceFlowHop Report(int flow) => new(flow, _counts, _delays, [.. _addresses.OrderByDescending(a => a.Answers)]);

    private void Note(in TraceAnswer answer)
    {
        var from = answer.From;
        var index = _addresses.FindIndex(a => a.From == from);
        var count = index < 0 ? 1 : _addresses[index].Answers + 1;
        var entry = new TraceAddress(from, count, answer.Kind, answer.Refusal, answer.TimeToLive);
        if (index >= 0)
        {
            _addresses[index] = entry;
        }
        else if (_addresses.Count < MostAddresses)
        {
            _addresses.Add(entry);
        }
    }
}
