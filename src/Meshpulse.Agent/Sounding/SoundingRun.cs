using System.Buffers.Binary;
using System.Security.Cryptography;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Sounding;

/// <summary>
/// One sounding, from its sockets to its result: sends on a fixed grid over flows that take turns, each with a source port and a session of
/// its own, until the count is reached or it is stopped, and then waits for what is still under way. A thread of its own does all of it.
/// </summary>
public sealed class SoundingRun : IDisposable
{
    // The machine begins to stamp a moment after the first socket asks for it.
    private static readonly Duration s_warmUp = Duration.FromMilliseconds(20);
    private static readonly Duration s_second = Duration.FromSeconds(1);

    private const int MostDscp = 63;

    private readonly SoundingOptions _options;
    private readonly SoundingFigures _figures = new();
    private readonly List<SoundingChannel> _channels = [];
    private readonly ISoundingEngine _engine;
    private readonly int[] _ready = new int[SoundingOptions.MaxFlows];
    private readonly byte[] _packet;
    private SendSchedule _schedule;
    private SoundingResult? _latest;
    private long _sent;
    private long _turns;
    private int _warmth;
    private long _unsent;
    private long _failuresInARow;
    private long _refused;
    private long _restarts;
    private SoundingCodePoints _codePoints;
    private StampTlvSet _asked;
    private bool? _isSynchronised;
    private bool? _knowsSessionIds;
    private bool _countsReplies;
    private string? _lastError;
    private Duration _longest;
    private MonoTime? _lingerUntil;

    /// <summary>Opens the sockets.</summary>
    /// <exception cref="SocketSetupException">There are not enough to be had.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The same, of the portable engine.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SoundingRun(SoundingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Flows, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Flows, SoundingOptions.MaxFlows, nameof(options));
        _options = options;
        var authenticated = options.Keys is not null;
        var size = options.Size == 0 ? SoundingOptions.DefaultSize(options.Protocol, authenticated, options.Tlvs) : options.Size;
        ArgumentOutOfRangeException.ThrowIfLessThan(size, SoundingOptions.SmallestSize(options.Protocol, authenticated, options.Tlvs), nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Dscp, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Dscp, MostDscp, nameof(options));
        _packet = new byte[size];
        _engine = options.Portable ? new PortableSoundingEngine() : new KernelSoundingEngine();
        try
        {
            Open();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What was found so far, at most a second old; null in the first second. Any thread.</summary>
    public SoundingResult? Latest => Volatile.Read(ref _latest);

    /// <summary>Sounds, once; ends when all is sent and decided, or that much earlier as <paramref name="stop"/> ends the sending.</summary>
    public Task<SoundingResult> RunAsync(CancellationToken stop)
    {
        var end = new TaskCompletionSource<SoundingResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(end, stop)) { Name = "sounding", IsBackground = true }.Start();
        return end.Task;
    }

    /// <summary>Closes the sockets; only once the run has ended.</summary>
    public void Dispose() => _engine.Dispose();

    private void Open()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        var firstSsid = RandomNumberGenerator.GetInt32(1, ushort.MaxValue + 1 - SoundingOptions.MaxFlows);
        var form = FormOf(_options, _packet.Length);
        _asked = _options.Protocol == SoundingProtocol.UdpPing ? StampTlvSet.None : form.Tlvs;
        for (var flow = 0; flow < _options.Flows; flow++)
        {
            SoundingSession session = _options.Protocol == SoundingProtocol.UdpPing
                ? new PingSounding(_options, BinaryPrimitives.ReadUInt64BigEndian(random))
                : new StampSounding(_options, form, (ushort)(firstSsid + flow));
            _channels.Add(new SoundingChannel(_engine, _options, session));
        }
    }

    private static StampForm FormOf(SoundingOptions options, int size) => options.Protocol == SoundingProtocol.Twamp
        ? StampForm.Twamp(size)
        : StampForm.Stamp(options.Keys, Math.Max(size, StampWire.UnauthenticatedLength), options.ErrorEstimate, options.Tlvs);

    private void Run(TaskCompletionSource<SoundingResult> end, CancellationToken stop)
    {
        try
        {
            _engine.Begin();
            using (stop.Register(_engine.Wake))
            {
                Loop(stop);
            }

            Release(MonoTime.Never);

            end.SetResult(Summarise());
        }
        catch (Exception e)
        {
            // Whatever it is, it is for whoever waits.
            end.SetException(e);
        }
    }

    private void Loop(CancellationToken stop)
    {
        // Code that runs for the first time is compiled first, for longer than short intervals are.
        _ = Summarise();
        var now = _engine.Mono();
        _schedule = new SendSchedule(now + s_warmUp, _options.Interval);
        var publishAt = now + s_second;
        while (true)
        {
            var isSending = !stop.IsCancellationRequested && !HasSentAll();
            if (isSending && _schedule.TryTake(now, out var slot))
            {
                Send(slot);
                KeepColdStartOffTheGrid();
                isSending = !HasSentAll();
            }

            now = _engine.Mono();
            Expire(now);
            if (!isSending && IsOver(now))
            {
                return;
            }

            if (now >= publishAt)
            {
                publishAt = now + s_second;
                Volatile.Write(ref _latest, Summarise());
            }

            var wakeAt = MonoTime.Min(publishAt, isSending ? _schedule.NextDue : _lingerUntil ?? MonoTime.Never);
            Wait(MonoTime.Min(wakeAt, NextExpiry()) - now);
            KeepColdStartOffTheGrid();
            now = _engine.Mono();
        }
    }

    /// <summary>
    /// The first send and the first reply take some milliseconds of compilation. What was due meanwhile is not this host's lateness under
    /// load, which unsent is to show: so the grid begins anew behind each of the two.
    /// </summary>
    private void KeepColdStartOffTheGrid()
    {
        var warmth = (_sent > 0 ? 1 : 0) + (_longest > Duration.Zero ? 1 : 0);
        var now = _engine.Mono();
        if (warmth > _warmth && now > _schedule.NextDue)
        {
            _schedule = new SendSchedule(now, _options.Interval);
        }

        _warmth = warmth;
    }

    /// <summary>Packets that this host refuses to send use up nothing, but the run has to end where it refuses every one.</summary>
    private bool HasSentAll() => _options.Count is { } count && (_sent >= count || _failuresInARow >= count);

    private void Send(SendSlot slot)
    {
        _unsent += slot.Skipped;
        var channel = _channels[(int)(_turns++ % _channels.Count)];
        var error = channel.Send(_packet, slot.Intended);
        if (error is null)
        {
            _sent++;
            _failuresInARow = 0;
            return;
        }

        _unsent++;
        _failuresInARow++;
        _lastError = error;
    }

    private void Expire(MonoTime now)
    {
        foreach (var channel in _channels)
        {
            channel.Session.Expire(now);
        }

        Release(now);
    }

    private void Release(MonoTime now)
    {
        foreach (var channel in _channels)
        {
            if (channel.Session.TryRelease(now, out var exchange))
            {
                _figures.Add(exchange);
            }
        }
    }

    private MonoTime NextExpiry()
    {
        var next = MonoTime.Never;
        foreach (var channel in _channels)
        {
            next = MonoTime.Min(next, channel.Session.NextExpiry);
        }

        // A request is lost after its timeout, not at it.
        return next == MonoTime.Never ? next : next + Duration.FromMicroseconds(1);
    }

    /// <summary>
    /// All is decided, and what may still come had its time: copies of the last replies, and late ones where others were late. Twice the
    /// longest round trip so far, 20 ms at least.
    /// </summary>
    private bool IsOver(MonoTime now)
    {
        if (NextExpiry() != MonoTime.Never)
        {
            return false;
        }

        var longest = Duration.Min(_longest * 2, _options.Timeout + SoundingSession.Memory);
        _lingerUntil ??= now + Duration.Max(longest, s_warmUp);
        return now >= _lingerUntil;
    }

    private void Wait(Duration time)
    {
        var count = _engine.Wait(_ready, time);
        if (count == 0)
        {
            return;
        }

        _figures.NoteClocks(_engine.Pair());
        foreach (var flow in _ready.AsSpan(0, count))
        {
            var channel = _channels[flow];
            // First the stamps: the replies want them.
            channel.Socket.TakeStamps(channel.Session);
            TakeArrivals(channel);
            _lastError = channel.Socket.LastError ?? _lastError;
        }
    }

    private void TakeArrivals(SoundingChannel channel)
    {
        var count = channel.Socket.Receive();
        for (var i = 0; i < count; i++)
        {
            var arrival = channel.Socket.Arrival(i);
            if (arrival.Remote != _options.Target)
            {
                _refused++;
                continue;
            }

            Take(channel, new PathArrival(0, arrival.Remote, arrival.Wall, arrival.Mono, arrival.IsKernel, null), channel.Socket.Bytes(i));
        }
    }

    private void Take(SoundingChannel channel, in PathArrival arrival, ReadOnlySpan<byte> datagram)
    {
        var reply = channel.Session.OnDatagram(arrival, datagram);
        if (reply.Outcome is StampOutcome.Unknown or StampOutcome.Forged)
        {
            _refused++;
            return;
        }

        _restarts += reply.StartsEpoch ? 1 : 0;
        _longest = Duration.Max(_longest, reply.Elapsed);
        ShareNumbering(channel);
        if (reply.Reading is { } reading)
        {
            _isSynchronised = reading.IsSynchronised;
            _knowsSessionIds = _options.Protocol == SoundingProtocol.Stamp ? reading.HasSessionId : null;
            NoteCodePoint(reply.Outcome == StampOutcome.Duplicate ? null : reading.SeenDscp);
        }

        if (reply.Exchange is { } exchange)
        {
            _figures.Add(exchange);
        }
        else if (reply.RoundTrip is { } roundTrip)
        {
            _figures.Add(roundTrip, reply.Stamps);
        }
    }

    private void NoteCodePoint(int? seen)
    {
        if (seen is { } point)
        {
            _codePoints = _codePoints with { Seen = point, Changed = _codePoints.Changed + (point == _options.Dscp ? 0 : 1) };
        }
    }

    /// <summary>That the target counts its replies is true of all flows as soon as one has seen it.</summary>
    private void ShareNumbering(SoundingChannel channel)
    {
        if (_countsReplies || !channel.Session.CountsReplies)
        {
            return;
        }

        _countsReplies = true;
        foreach (var other in _channels)
        {
            other.Session.CountsReplies = true;
        }
    }

    private SoundingResult Summarise()
    {
        _figures.Settle();
        var flows = _channels.ConvertAll(c => new SoundingFlow(c.Socket.Local.Port, c.Session.Counts)
        {
            Local = c.Socket.Local,
            Location = c.Session.Told.Location,
            Direct = c.Session.Direct,
        });
        var told = _channels.Aggregate(default(StampTold), (sum, c) => sum.With(c.Session.Told));
        return new SoundingResult
        {
            Target = _options.Target,
            Protocol = _options.Protocol,
            Size = _packet.Length,
            Counts = flows.Aggregate(default(SoundingCounts), (sum, flow) => sum + flow.Counts),
            Unsent = _unsent,
            RoundTrip = _figures.RoundTrip,
            Forward = _figures.Forward,
            Backward = _figures.Backward,
            Offset = _figures.Offset,
            ClockSteps = _figures.ClockSteps,
            TargetSynchronised = _isSynchronised,
            KnowsSessionIds = _knowsSessionIds,
            Restarts = _restarts,
            Refused = _refused,
            Stamps = _figures.Stamps,
            LastError = _lastError,
            Tlvs = new SoundingTlvs(_asked, told.Unrecognised, told.Time, told.Access),
            CodePoints = _codePoints with { Sent = _options.Dscp },
            Flows = flows,
        };
    }
}
