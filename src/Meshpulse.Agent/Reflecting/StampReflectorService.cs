using System.Net;
using System.Security.Cryptography;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Reflecting;

/// <summary>A STAMP reflector by itself: its sockets, the one thread that serves them, and its metrics.</summary>
public sealed class StampReflectorService : IAsyncDisposable
{
    private const int BellToken = -1;
    private const int PortTries = 8;

    private static readonly Duration s_second = Duration.FromSeconds(1);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromMilliseconds(500);

    private readonly StampResponder _responder;
    private readonly StampReflectorSocket[] _sockets;
    private readonly Poller _poller = new(16);
    private readonly PollEvent[] _events = new PollEvent[16];
    private readonly Wakeup _bell = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private MetricsServer? _metrics;
    private MonoTime _nextLook;
    private readonly Action<MonoTime, Action<NodeEndpoint, uint>> _sessions;
    private volatile SessionVisit? _visit;
    private int _disposed;
    private int _parted;
    private volatile bool _stop;

    private StampReflectorService(StampReflectorOptions options, StampReflectorSocket[] sockets)
    {
        _sockets = sockets;
        _responder = new StampResponder(options.Responder, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        _sessions = _responder.VisitSessions;
        _ = _poller.Add(_bell, BellToken);
        for (var i = 0; i < sockets.Length; i++)
        {
            _ = _poller.Add(sockets[i].Socket, i, PollInterest.Read);
        }

        _thread = new Thread(Run, 256 * 1024) { Name = "reflector", IsBackground = true };
    }

    /// <summary>Where it listens, with the ports that were taken.</summary>
    public IReadOnlyList<NodeEndpoint> Endpoints => [.. _sockets.Select(s => s.Local)];

    /// <summary>Where the metrics are served; null where they are not.</summary>
    public IPEndPoint? MetricsEndPoint => _metrics?.LocalEndPoint;

    /// <summary>Ends when its thread does: at <see cref="DisposeAsync"/>, or with the error of a defect.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What it has done so far, also after its end; from any thread.</summary>
    public StampReflectorCounts Counts => new()
    {
        Decisions = [.. Enum.GetValues<StampDecision>().Select(d => KeyValuePair.Create(d, _responder.CountOf(d)))],
        Sessions = _responder.Sessions,
        SessionsExpired = _responder.SessionsExpired,
        SessionsEvicted = _responder.SessionsEvicted,
        Unsent = _sockets.Sum(s => s.Unsent),
        Drops = _sockets.Sum(s => s.Drops),
        KernelStamps = _sockets.Sum(s => s.KernelStamps),
        UserStamps = _sockets.Sum(s => s.UserStamps),
        SendStamps = _sockets.Sum(s => s.SendStamps),
    };

    /// <summary>Bytes that its thread has allocated on the managed heap since it served first.</summary>
    internal long AllocatedBytes { get; private set; }

    /// <summary>Takes the ports and begins to answer.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="StampReflectorStartException">A port is in use or not permitted, or an address is not this host's.</exception>
    /// <exception cref="MetricsStartException">The same of the metrics port.</exception>
    /// <exception cref="ArgumentException">No place to listen, or an option out of its range.</exception>
    public static async Task<StampReflectorService> StartAsync(StampReflectorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Listen.Count == 0)
        {
            throw new ArgumentException("A reflector listens somewhere.", nameof(options));
        }

        var service = new StampReflectorService(options, Open(options));
        try
        {
            if (options.Metrics is { } listen)
            {
                var families = new StampFamilies(options.Version, () => service.Counts);
                service._metrics = await MetricsServer.StartAsync(
                    new MetricsServerOptions { Listen = listen, WriteFamilies = families.Write }, cancellationToken);
            }
        }
        catch
        {
            service.Close();
            throw;
        }

        service._thread.Start();
        return service;
    }

    /// <summary>From now on these keys are valid; nothing that comes meanwhile is missed. From any thread.</summary>
    /// <exception cref="InvalidOperationException">It answers without authentication.</exception>
    internal void RollKeys(StampKeyRing keys) => _responder.RollKeys(keys);

    /// <summary>Sees its sessions, on its own thread; from any other, one at a time.</summary>
    /// <param name="visit">Begun; holds them afterwards.</param>
    /// <param name="patience">How long to wait for the thread.</param>
    /// <returns>False where the thread did not come to it, or has ended; the visit is not to be used again then.</returns>
    internal bool TryVisit(SessionVisit visit, TimeSpan patience)
    {
        if (_stop || _ended.Task.IsCompleted)
        {
            return false;
        }

        _visit = visit;
        _bell.Signal();
        return visit.Wait(patience);
    }

    /// <summary>Ends its thread and closes its ports; takes at most about a second.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _stop = true;
        _bell.Signal();
        // Where the thread is late (a busy host), the ports are its to give back.
        if (_thread.Join(s_stopPatience) || PartsLast())
        {
            Close();
        }

        if (_metrics is not null)
        {
            await _metrics.DisposeAsync();
        }
    }

    /// <summary>A port that is free in one family may be taken in the other: where any port will do, another is had then.</summary>
    private static StampReflectorSocket[] Open(StampReflectorOptions options)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return OpenAll(options);
            }
            catch (StampReflectorStartException e) when (e.Error == Errno.EADDRINUSE && options.Listen[0].Port == 0 && tries < PortTries)
            {
                // All that was opened is closed again.
            }
        }
    }

    private static StampReflectorSocket[] OpenAll(StampReflectorOptions options)
    {
        var sockets = new List<StampReflectorSocket>();
        foreach (var wanted in options.Listen)
        {
            try
            {
                // Both families at any free port: the second takes what the first was given.
                var port = wanted.Port == 0 && sockets is [var first, ..] ? first.Local.Port : wanted.Port;
                sockets.Add(StampReflectorSocket.Open(wanted.WithPort(port), options.Responder));
            }
            catch (SocketSetupException e)
            {
                sockets.ForEach(s => s.Dispose());
                throw new StampReflectorStartException(wanted, e);
            }
        }

        return [.. sockets];
    }

    /// <summary>True for the second of the two that ask, the thread and who ends it.</summary>
    private bool PartsLast() => Interlocked.Exchange(ref _parted, 1) != 0;

    private void Close()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        _poller.Dispose();
        _bell.Dispose();
    }

    private void Run()
    {
        try
        {
            _ = ThreadTuning.SetTimerSlack(new Duration(1));
            StampWarmUp.Run();
            while (!_stop)
            {
                Turn();
            }

            CountDrops();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }

        if (PartsLast())
        {
            Close();
        }
    }

    private void Turn()
    {
        var now = SystemClocks.Mono();
        if (now >= _nextLook)
        {
            _nextLook = now + s_second;
            LookAtClock();
            CountDrops();
        }

        var count = _poller.Wait(_events, _nextLook - now).Count;
        for (var i = 0; i < count; i++)
        {
            if (_events[i].Token != BellToken)
            {
                _sockets[_events[i].Token].Serve(_responder);
            }
            else
            {
                _ = _bell.Drain();
            }
        }

        if (_visit is { } visit)
        {
            _visit = null;
            visit.Fill(_sessions);
        }

        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>How far T2 and T3 may be off is what the kernel says, and grows while its time daemon is silent.</summary>
    private void LookAtClock()
    {
        _responder.ErrorEstimate = KernelErrorEstimate.Read(out var status);
        // Which kind of source it is the kernel doesn't know.
        var source = status is { IsSynchronised: false } ? StampSyncSource.FreeRunning : StampSyncSource.None;
        _responder.TimestampInformation = new StampTimestampInformation(
            source, StampTimestampMethod.SoftwareLocal, source, StampTimestampMethod.SoftwareLocal);
    }

    private void CountDrops()
    {
        foreach (var socket in _sockets)
        {
            socket.CountDrops();
        }
    }
}
