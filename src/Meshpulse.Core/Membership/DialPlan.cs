using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>
/// Whom to call, and when.
/// <para>
/// The problem: a node must call every address that it learns, soon, or the mesh does not form; and it must not, or a
/// stranger who lists made-up addresses has it call the world (the original calls at once and again: thousands of times in
/// seconds). What we do: servers of the command line are called for ever, with backoff and jitter. A node that a peer named
/// is called when it was named again since the last call, with a backoff of its own; each namer has its own budget of
/// addresses, of calls a second and of calls under way, so that the made-up addresses of one peer only wait behind one
/// another. What all of them together may cause is bounded too, since one stranger can call itself many peers. Of two nodes that learn of each other the lower identity calls first, so that calls seldom cross.
/// </para>
/// </summary>
internal sealed class DialPlan(MeshOptions options, SplitMix64 random)
{
    private const int MaxInFlightPerNamer = 16;
    private static readonly Duration s_firstBackoff = Duration.FromMilliseconds(250);
    private static readonly Duration s_learnedMemory = Duration.FromSeconds(60);

    private readonly Dictionary<NodeEndpoint, DialTarget> _learned = [];
    private readonly List<DialTarget> _servers = [];
    private TokenBucket _dials = new(options.DialsPerSecond, 2 * options.DialsPerSecond);
    private int _inFlight;

    public IReadOnlyList<DialTarget> Servers => _servers;

    /// <summary>The server of a number, which counts from 1; null where there is none.</summary>
    public DialTarget? FindServer(int number) => number >= 1 && number <= _servers.Count ? _servers[number - 1] : null;

    public int LearnedCount => _learned.Count;

    public void AddServer(string? host, NodeEndpoint endpoint, int port, bool isSelf) =>
        _servers.Add(new DialTarget
        {
            Server = _servers.Count + 1,
            Host = host,
            Port = port,
            Endpoint = endpoint,
            HasEndpoint = host is null,
            IsSelf = isSelf,
        });

    /// <summary>A peer named a node that we are not connected to.</summary>
    /// <returns>False where the namer has used up its share.</returns>
    public bool Name(MeshPeer namer, NodeEndpoint node, MonoTime now)
    {
        if (IsServer(node))
        {
            // Called for ever as it is: a second target would call it twice at the same time.
            return true;
        }

        if (_learned.TryGetValue(node, out var target))
        {
            target.LastNamed = now;
            target.NamedAnew = true;
            MoveToLighter(target, namer);
            return true;
        }

        if (namer.Budget.Learned >= options.MaxLearnedPerNamer || _learned.Count >= options.MaxLearned)
        {
            return false;
        }

        var headStart = options.Self < node ? Duration.Zero : Jitter(Duration.FromMilliseconds(250));
        namer.Budget.Learned++;
        _learned[node] = new DialTarget
        {
            Endpoint = node,
            HasEndpoint = true,
            Namer = namer,
            LastNamed = now,
            NamedAnew = true,
            NextAttempt = now + headStart,
        };
        return true;
    }

    /// <summary>The next target to call now; null when none is due.</summary>
    public DialTarget? NextDue(MonoTime now, Func<NodeEndpoint, bool> isConnected)
    {
        foreach (var server in _servers)
        {
            if (server is { IsSelf: false, Connection: null, Resolving: false } && now >= server.NextAttempt
                && !(server.HasEndpoint && (isConnected(server.Endpoint) || IsCalledAsLearned(server.Endpoint))))
            {
                return server;
            }
        }

        foreach (var (node, target) in _learned)
        {
            if (target is { IsSelf: false, Connection: null, NamedAnew: true } && now >= target.NextAttempt
                && _inFlight < options.MaxDialsInFlight && target.Namer!.Budget.InFlight < MaxInFlightPerNamer
                && !isConnected(node) && target.Namer.Budget.Dials.TryTake(now) && _dials.TryTake(now))
            {
                return target;
            }
        }

        return null;
    }

    public void Began(DialTarget target, MeshConnection connection)
    {
        target.Connection = connection;
        target.NamedAnew = false;
        _inFlight++;
        if (target.Namer is { } namer)
        {
            namer.Budget.InFlight++;
        }
    }

    /// <summary>The call was answered or failed: it no longer counts as under way.</summary>
    public void Answered(DialTarget target)
    {
        _inFlight--;
        if (target.Namer is { } namer)
        {
            namer.Budget.InFlight--;
        }
    }

    /// <summary>The connection that came of the target ended, or the call failed.</summary>
    /// <param name="target">Whom we called.</param>
    /// <param name="useful">True where the connection did its work for a while.</param>
    /// <param name="turnedAway">True where the call was answered and then closed before a heartbeat came.</param>
    /// <param name="now">The time.</param>
    public void Ended(DialTarget target, bool useful, bool turnedAway, MonoTime now)
    {
        target.Connection = null;
        SetFailures(target, useful ? 0 : target.Failures + 1);
        target.TurnedAway = turnedAway ? target.TurnedAway + 1 : 0;
        target.NextAttempt = now + (useful && options.Self < target.Endpoint ? Duration.Zero : Backoff(target));
    }

    /// <summary>A name could not be resolved, or a call could not even begin.</summary>
    public void Postpone(DialTarget target, MonoTime now)
    {
        target.Resolving = false;
        SetFailures(target, target.Failures + 1);
        target.NextAttempt = now + Backoff(target);
    }

    /// <summary>Forgets the learned nodes that nobody has named for a minute.</summary>
    public void Sweep(MonoTime now)
    {
        foreach (var (node, target) in _learned)
        {
            if (target.Connection is null && now - target.LastNamed > s_learnedMemory)
            {
                SetFailures(target, 0);
                target.Namer!.Budget.Learned--;
                _learned.Remove(node);
            }
        }
    }

    // A loop, since the probing thread allocates nothing: a delegate would.
    private bool IsServer(NodeEndpoint node)
    {
        foreach (var server in _servers)
        {
            if (server.LeadsTo(node))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A name may turn out to be a node that was learned before it was looked up.</summary>
    private bool IsCalledAsLearned(NodeEndpoint node) => _learned.TryGetValue(node, out var target) && target.Connection is not null;

    private Duration Backoff(DialTarget target)
    {
        // Who answers and hangs up again and again knows us already, by another of its addresses or of ours.
        var ceiling = target.TurnedAway >= 3 ? Duration.FromSeconds(60) : options.RetryCeiling;
        if (target.Namer is { } namer)
        {
            // Many failing addresses from one namer share one namer's retries.
            ceiling = Duration.Min(Duration.FromSeconds(60), ceiling * Math.Max(1, namer.Budget.Failing / 32));
        }

        var exponent = Math.Clamp(target.Failures - 1, 0, 10);
        return Jitter(Duration.Min(ceiling, s_firstBackoff * (1L << exponent)));
    }

    /// <summary>Between three quarters of a span and the whole of it.</summary>
    private Duration Jitter(Duration span) => new((long)(span.Nanoseconds * (0.75 + (0.25 * random.NextDouble()))));

    private static void SetFailures(DialTarget target, int failures)
    {
        if (target.Namer is { } namer)
        {
            namer.Budget.Failing += (failures > 0 ? 1 : 0) - (target.Failures > 0 ? 1 : 0);
        }

        target.Failures = failures;
    }

    /// <summary>A node that a second peer names as well is charged to the one that names fewer.</summary>
    private void MoveToLighter(DialTarget target, MeshPeer namer)
    {
        if (target.Namer == namer || target.Connection is not null || namer.Budget.Learned + 1 >= target.Namer!.Budget.Learned
            || namer.Budget.Learned >= options.MaxLearnedPerNamer)
        {
            return;
        }

        var failures = target.Failures;
        SetFailures(target, 0);
        target.Namer.Budget.Learned--;
        target.Namer = namer;
        namer.Budget.Learned++;
        SetFailures(target, failures);
    }
}
