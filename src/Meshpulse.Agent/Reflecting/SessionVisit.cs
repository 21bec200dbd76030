using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Reflecting;

/// <summary>
/// Somebody's wish to see a reflector's sessions, which belong to its thread: that fills it in between two packets, and takes no lock. Used again and again, it
/// allocates no more than it once needed.
/// </summary>
internal sealed class SessionVisit : IDisposable
{
    /// <summary>The most sessions that are told of.</summary>
    public const int MaxSessions = 65_536;

    private readonly Action<NodeEndpoint, uint> _take;
    private readonly ManualResetEventSlim _done = new();

    public SessionVisit() => _take = (source, received) =>
    {
        if (Sessions.Count < MaxSessions)
        {
            Sessions.Add((source, received));
        }
    };

    /// <summary>Who asked, and how often so far, mod 2^32.</summary>
    public List<(NodeEndpoint Source, uint Received)> Sessions { get; } = [];

    /// <summary>Sessions that have been silent since are left out.</summary>
    public MonoTime SeenAfter { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Begin(MonoTime seenAfter)
    {
        SeenAfter = seenAfter;
        Sessions.Clear();
        _done.Reset();
    }

    /// <summary>The thread fills it.</summary>
    public void Fill(Action<MonoTime, Action<NodeEndpoint, uint>> sessions)
    {
        sessions(SeenAfter, _take);
        _done.Set();
    }

    /// <summary>Waits for it; false where the thread is late.</summary>
    public bool Wait(TimeSpan patience) => _done.Wait(patience);

    public void Dispose() => _done.Dispose();
}
