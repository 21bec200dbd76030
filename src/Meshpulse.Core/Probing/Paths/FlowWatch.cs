using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// Tells which flows of a path lose everything while others get through.
/// <para>
/// The obvious way, flows with losses and no answer in a second beside flows with answers, tells nonsense at both ends of every outage: flows
/// take turns and losses are decided a timeout later, so that for a moment some look dead and others do not. What we do: two spans in a row,
/// each of a second at least and long enough for two packets of every flow. Dead is who was not answered in either and lost four packets at least; and only where
/// everybody else was answered in both. A flow whose replies this host's own receive queue dropped is not judged by them.
/// </para>
/// Bounded, one thread.
/// </summary>
public sealed class FlowWatch
{
    // With fewer it may be chance.
    private const uint FewestLost = 4;

    private readonly Duration _span;
    private readonly (uint Answered, uint Lost, uint Drops)[] _before;
    private readonly (uint Answered, uint Lost, uint Drops)[] _now;
    private Duration _length;

    /// <summary>Nothing was seen yet.</summary>
    /// <param name="settings">The path's.</param>
    public FlowWatch(PathSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _span = Duration.Max(Duration.FromSeconds(1), settings.Interval * settings.AllFlows * 2);
        _before = new (uint, uint, uint)[settings.AllFlows];
        _now = new (uint, uint, uint)[settings.AllFlows];
    }

    /// <summary>The numbers of the flows that lose everything, from 0, in their order. It stays while nobody can know: in an outage of the whole.</summary>
    public IReadOnlyList<int> Dead { get; private set; } = [];

    /// <summary>Takes the next window.</summary>
    public void Take(PathWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        for (var i = 0; i < _now.Length; i++)
        {
            var flow = window.Flows[i];
            _now[i].Answered += flow.Answered + flow.Late;
            _now[i].Lost += flow.LostForward + flow.LostBackward + flow.LostUnknown;
            _now[i].Drops += flow.ReceiveDrops;
        }

        _length += window.Length;
        if (_length < _span)
        {
            return;
        }

        Judge();
        _now.CopyTo(_before, 0);
        Array.Clear(_now);
        _length = Duration.Zero;
    }

    private void Judge()
    {
        var dead = new List<int>();
        var alive = 0;
        for (var i = 0; i < _now.Length; i++)
        {
            // Losses are decided a timeout after the drop: those of the span before still explain some of this one's.
            var isSilent = _now[i].Answered + _before[i].Answered + _now[i].Drops + _before[i].Drops == 0;
            if (isSilent && _now[i].Lost + _before[i].Lost >= FewestLost)
            {
                dead.Add(i);
            }

            alive += _now[i].Answered > 0 && _before[i].Answered > 0 ? 1 : 0;
        }

        if (alive > 0 && alive + dead.Count == _now.Length)
        {
            Dead = dead;
        }
    }
}
