using System.Security.Cryptography;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>One trace, from its sockets to its result. <see cref="TraceSession"/> decides; a thread of its own does what it says.</summary>
public sealed class TracingRun : IDisposable
{
    private const int BellToken = -1;
    private const int MostEvents = TraceOptions.MaxFlows + 1;

    // The machine begins to stamp a moment after the first socket asks for it.
    private static readonly Duration s_warmUp = Duration.FromMilliseconds(20);
    private static readonly Duration s_publishEvery = Duration.FromMilliseconds(250);

    private readonly TracingOptions _options;
    private readonly Duration _timeout;
    private readonly TraceSession _session;
    private readonly TraceIntake _intake;
    private readonly List<TraceChannel> _channels = [];
    private readonly Wakeup _bell = new();
    private readonly Poller _poller = new(MostEvents);
    private TracingResult? _latest;
    private Errno _lastError;

    /// <summary>Opens the sockets.</summary>
    /// <exception cref="SocketSetupException">There are not enough to be had.</exception>
    /// <exception cref="TracingException">The protocol is not permitted here.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public TracingRun(TracingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _timeout) = (options, options.Permitted.Timeout);
        try
        {
            _session = new TraceSession(options.Permitted, SystemClocks.Mono() + s_warmUp);
            _intake = new TraceIntake(_session, options.Target);
            Open();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What was found so far, some moments old; null at first. Any thread.</summary>
    public TracingResult? Latest => Volatile.Read(ref _latest);

    /// <summary>Traces, once; ends when all is sent and decided, or that much earlier as <paramref name="stop"/> ends the sending.</summary>
    public Task<TracingResult> RunAsync(CancellationToken stop)
    {
        var end = new TaskCompletionSource<TracingResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(end, stop)) { Name = "tracing", IsBackground = true }.Start();
        return end.Task;
    }

    /// <summary>Closes the sockets; only once the run has ended.</summary>
    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        _poller.Dispose();
        _bell.Dispose();
    }

    private void Open()
    {
        Span<byte> secret = stackalloc byte[TracePayload.SecretLength];
        RandomNumberGenerator.Fill(secret);
        var payload = new TracePayload(secret);
        var firstIdentifier = RandomNumberGenerator.GetInt32(1, ushort.MaxValue + 1 - TraceOptions.MaxFlows);
        for (var flow = 0; flow < _options.Trace.Flows; flow++)
        {
            _channels.Add(_options.Protocol switch
            {
                TracingProtocol.Icmp => IcmpTraceChannel.Open(flow, firstIdentifier + flow, _options.Target, payload, _poller),
                TracingProtocol.Tcp => new TcpTraceChannel(flow, _options.Target, _poller),
                _ => new UdpTraceChannel(flow, _options.Target, _options.SourcePorts is { Count: > 0 } ports ? ports[flow] : 0, payload, _poller),
            });
        }

        if (_poller.Add(_bell, BellToken) is var error and not Errno.None)
        {
            throw new SocketSetupException("epoll", error);
        }
    }

    private void Run(TaskCompletionSource<TracingResult> end, CancellationToken stop)
    {
        try
        {
            using var ring = stop.Register(_bell.Signal);
            // What is compiled at its first call would be a first delay of milliseconds.
            _channels[0].WarmUp(new TraceProbe(0, 1, 0));
            Loop(stop);
            end.SetResult(Summarise());
        }
        catch (Exception e)
        {
            end.SetException(e);
        }
    }

    private void Loop(CancellationToken stop)
    {
        Span<PollEvent> events = stackalloc PollEvent[MostEvents];
        var publishAt = SystemClocks.Mono() + s_publishEvery;
        while (true)
        {
            if (stop.IsCancellationRequested)
            {
                _session.Stop();
            }

            var now = SystemClocks.Mono();
            while (_session.TryTakeProbe(now, out var probe))
            {
                Send(probe);
                now = SystemClocks.Mono();
            }

            if (_session.IsOver)
            {
                return;
            }

            if (now >= publishAt)
            {
                publishAt = now + s_publishEvery;
                Volatile.Write(ref _latest, Summarise());
            }

            // Reading comes before judging: after a stall of ours, answers may have waited longer than their probes' timeout.
            Read(events, MonoTime.Min(publishAt, _session.NextWake) - now);
            Expire();
        }
    }

    private void Send(TraceProbe probe)
    {
        var error = _channels[probe.Flow].Send(probe, out var sent);
        if (error == Errno.None)
        {
            _session.OnSent(probe, sent);
            return;
        }

        _session.OnRefused(probe, SystemClocks.Mono());
        _lastError = error;
    }

    private void Read(Span<PollEvent> events, Duration wait)
    {
        var ready = _poller.Wait(events, wait);
        foreach (var happened in events[..ready.Count])
        {
            if (happened.Token == BellToken)
            {
                _ = _bell.Drain();
            }
            else
            {
                _channels[happened.Token].Take(_intake);
            }
        }
    }

    private void Expire()
    {
        var now = SystemClocks.Mono();
        _session.Expire(now);
        foreach (var channel in _channels)
        {
            channel.GiveUp(now - _timeout);
        }
    }

    private TracingResult Summarise() => new()
    {
        Target = _options.Target,
        Protocol = _options.Protocol,
        Report = _session.Report(),
        FlowIds = _channels.ConvertAll(c => c.FlowId),
        Refused = _intake.Refused,
        KernelStamps = _intake.KernelStamps,
        UserStamps = _intake.UserStamps,
        LastError = _lastError == Errno.None ? null : _lastError.Text(),
    };
}
