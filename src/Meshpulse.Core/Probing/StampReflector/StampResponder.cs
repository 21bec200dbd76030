using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>
/// A STAMP Session-Reflector (RFC 8762, RFC 8972) that TWAMP Light senders may use too: called with the time and the datagram that
/// came, gives the one reply to send, or the reason why there is none.
/// <para>
/// In two steps, because T3 is to be the last thing before sending: <see cref="Decide"/> does all that takes long,
/// <see cref="Seal"/> writes T3 and the MAC over it. Of a batch, each is sealed when it is sent.
/// </para>
/// <para>
/// Against being used as a weapon: a reply is as long as its request, or 44 bytes for one of 14 to 43, and there is never more than
/// one; replies are not answered (<see cref="ReplyMark"/>), nor groups, nor ports below 1024 other than 862, where services
/// answer anything they get; how often is limited (<see cref="StampAdmission"/>), and so is what is remembered (<see cref="StampSessionTable"/>).
/// What fails a check changes nothing: no session, no number, no share.
/// </para>
/// <para>One thread, but for <see cref="RollKeys"/>; allocates nothing after it was made.</para>
/// </summary>
public sealed class StampResponder
{
    /// <summary>The lowest port that senders use, but for STAMP's own (RFC 8762, section 4.1).</summary>
    private const int FirstUserPort = 1_024;

    private readonly StampResponderOptions _options;
    private readonly StampSessionTable? _table;
    private readonly StampAdmission _admission;
    private readonly AddressNetwork[] _allow;
    private readonly long[] _counts = new long[(int)StampDecision.TotalLimit + 1];
    private volatile StampKeyRing? _rolled;
    // Those of the datagram in hand.
    private StampKeyRing? _keys;

    /// <summary>A reflector that nobody has asked yet.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="seed">Unknown to outsiders; see <see cref="UdpPing.ReflectorLimiter"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is authentication without keys.</exception>
    public StampResponder(StampResponderOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        _options = options;
        _rolled = options.Keys;
        _allow = [.. options.Allow];
        _table = options.Stateless ? null : new StampSessionTable(options.Sessions, options.SessionIdle);
        _admission = new StampAdmission(options.Limits, seed);
    }

    /// <summary>
    /// How far T2 and T3 may be off, by the kernel's own status of the clock: to be kept up to date by who knows it. The Z bit is the
    /// responder's own.
    /// </summary>
    public StampErrorEstimate ErrorEstimate { get; set; } = StampErrorEstimate.Unknown;

    /// <summary>Where T2 and T3 come from; zeros for what is not said.</summary>
    public StampTimestampInformation TimestampInformation { get; set; }

    /// <summary>How many sessions are remembered.</summary>
    public int Sessions => _table?.Count ?? 0;

    /// <summary>
    /// Hands out who asks, by address and port, and how often so far, mod 2^32: sessions of which something came after a moment, none where stateless. On the
    /// thread that answers.
    /// </summary>
    public void VisitSessions(MonoTime seenAfter, Action<NodeEndpoint, uint> visitor) => _table?.Visit(seenAfter, visitor);

    /// <summary>How many sessions were forgotten after their idle time.</summary>
    public long SessionsExpired => _table?.Expired ?? 0;

    /// <summary>How many sessions were forgotten before their idle time, for want of room; a sign of a flood.</summary>
    public long SessionsEvicted => _table?.Evicted ?? 0;

    /// <summary>How many sources were forgotten that had not their whole allowance back; a sign of a flood.</summary>
    public long SourceEvictions => _admission.Evictions;

    /// <summary>How many datagrams were decided so, since the start.</summary>
    public long CountOf(StampDecision decision) => _counts[(int)decision];

    /// <summary>From the next datagram on other keys are valid; sessions, their numbers and all else stay. From any thread.</summary>
    /// <exception cref="InvalidOperationException">There is no authentication.</exception>
    public void RollKeys(StampKeyRing keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _rolled = _options.Mode == StampMode.Authenticated ? keys : throw new InvalidOperationException("Without authentication there are no keys to roll.");
    }

    /// <summary>Decides on one datagram and prepares the reply where there is one.</summary>
    /// <param name="arrival">What is known of it beside its bytes.</param>
    /// <param name="datagram">The whole of it.</param>
    /// <param name="buffer">
    /// Takes the reply: at least as long as the datagram and as the base of the mode, and another piece of memory. What is
    /// in it is of no use before <see cref="Seal"/>, nor where there is no answer.
    /// </param>
    /// <param name="reply">Length, DSCP and token; the default value where there is no answer.</param>
    /// <returns>Answer, or why not.</returns>
    /// <exception cref="ArgumentException">The buffer is too short.</exception>
    public StampDecision Decide(in StampArrival arrival, ReadOnlySpan<byte> datagram, Span<byte> buffer, out StampReply reply)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, Math.Max(datagram.Length, StampWire.LengthOf(_options.Mode)), nameof(buffer));
        _table?.Sweep(arrival.Now);
        _keys = _rolled;
        reply = default;
        var decision = Examine(arrival, datagram, out var request, out var key);
        if (decision == StampDecision.Answer)
        {
            decision = Admit(arrival, SessionIdOf(request), out var slot);
            if (decision == StampDecision.Answer)
            {
                reply = Prepare(arrival, request, slot, key, buffer);
            }
        }

        _counts[(int)decision]++;
        return decision;
    }

    /// <summary>Writes T3 and, with authentication, the MAC: right before the reply is sent.</summary>
    /// <param name="reply">What <see cref="Decide"/> gave.</param>
    /// <param name="sent">T3, by the wall clock.</param>
    /// <param name="buffer">The buffer that <see cref="Decide"/> filled.</param>
    public void Seal(in StampReply reply, WallTime sent, Span<byte> buffer)
    {
        StampWire.WriteSendTime(buffer, _options.Mode, StampTimestamp.FromNanoseconds(sent.Nanoseconds, reply.Format));
        if (_options.Mode == StampMode.Authenticated)
        {
            StampMac.SignPacket(reply.Keys![reply.Key], buffer);
        }
    }

    /// <summary>
    /// Takes a better time of sending of a reply than its T3, such as the kernel's stamp from the error queue: the session's next Follow-Up
    /// Telemetry tells it. Of several the one of the highest number is told; late or unknown ones are ignored.
    /// </summary>
    public void OnTransmitted(StampReplyToken token, WallTime sent, StampTimestampMethod method = StampTimestampMethod.SoftwareLocal)
    {
        if (!IsCurrent(token))
        {
            return;
        }

        ref var session = ref _table![token.Slot];
        // Compared as serial numbers (RFC 1982), and never one that was taken back.
        if ((int)(session.Next - token.Sequence) > 0 && (!session.HasFollowUp || (int)(token.Sequence - session.FollowUpSequence) > 0))
        {
            (session.HasFollowUp, session.FollowUpSequence, session.FollowUpTime, session.FollowUpMethod) = (true, token.Sequence, sent, method);
        }
    }

    /// <summary>
    /// Says that a reply was not sent, so that its number is free again: numbers count what was transmitted. Only the session's
    /// last one can be taken back; a batch is taken back from its end.
    /// </summary>
    public void Abandon(StampReplyToken token)
    {
        if (IsCurrent(token) && _table![token.Slot].Next == token.Sequence + 1)
        {
            _table[token.Slot].Next = token.Sequence;
        }
    }

    private static void Check(StampResponderOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sessions, 16, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Sessions, 1 << 20, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SessionIdle, Duration.FromSeconds(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReplyWindow, Duration.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ReplyWindow, Duration.FromSeconds(86_400), nameof(options));
        if (options.Mode == StampMode.Authenticated && options.Keys is null)
        {
            throw new ArgumentException("Authentication needs a key.", nameof(options));
        }
    }

    /// <summary>All that can be said without remembering anything.</summary>
    private StampDecision Examine(in StampArrival arrival, ReadOnlySpan<byte> datagram, out StampSenderView request, out int key)
    {
        key = -1;
        var error = StampSenderView.TryCreate(datagram, _options.Mode, out request);
        if (error == StampError.TooShort)
        {
            return StampDecision.TooShort;
        }

        if (!CanBeAnswered(arrival))
        {
            return StampDecision.Source;
        }

        if (!IsAllowed(arrival.Source))
        {
            return StampDecision.NotAllowed;
        }

        if (_options.Mode == StampMode.Authenticated && !StampMac.TryVerifyPacket(_keys!, datagram, out key))
        {
            return StampDecision.Mac;
        }

        if (error != StampError.None)
        {
            return StampDecision.ErrorEstimate;
        }

        return ReplyMark.IsOn(datagram, _options.Mode, arrival.Received, _options.ReplyWindow) ? StampDecision.Reply : StampDecision.Answer;
    }

    private static bool CanBeAnswered(in StampArrival arrival)
    {
        var source = arrival.Source;
        return source.Port is >= FirstUserPort or StampWire.Port
            && !source.IsUnspecified && !source.IsMulticast && source != arrival.Local;
    }

    private bool IsAllowed(NodeEndpoint source)
    {
        foreach (ref readonly var network in _allow.AsSpan())
        {
            if (network.Contains(source))
            {
                return true;
            }
        }

        return _allow.Length == 0;
    }

    /// <summary>
    /// The request's session id. Where the zeros of a STAMP sender are not zero it is TWAMP's padding that stands there, and if that is
    /// random every packet would begin a session of its own: those of one port are one.
    /// </summary>
    private ushort SessionIdOf(in StampSenderView request) =>
        _options.Mode == StampMode.Unauthenticated && request.HasPaddingInBase ? (ushort)0 : request.Ssid;

    private StampDecision Admit(in StampArrival arrival, ushort ssid, out int slot)
    {
        slot = -1;
        if (_table is null)
        {
            return _admission.Take(arrival.Now, arrival.Source, null, slot);
        }

        slot = _table.Find(arrival.Now, arrival.Source, arrival.Local, ssid);
        if (slot < 0 && !_table.MakeRoom(arrival.Now))
        {
            return StampDecision.SessionLimit;
        }

        var decision = _admission.Take(arrival.Now, arrival.Source, _table, slot);
        if (slot < 0 && decision == StampDecision.Answer)
        {
            slot = _table.Add(arrival.Now, arrival.Source, arrival.Local, ssid);
        }

        if (slot >= 0)
        {
            ref var session = ref _table[slot];
            session.Received++;
            session.LastSeen = arrival.Now;
        }

        if (decision == StampDecision.Answer)
        {
            _admission.Count(arrival.Now, _table, slot);
        }

        return decision;
    }

    private StampReply Prepare(in StampArrival arrival, in StampSenderView request, int slot, int key, Span<byte> buffer)
    {
        var format = request.IsShort ? StampTimestampFormat.Ntp : _options.Format;
        var sequence = slot < 0 ? request.Sequence : _table![slot].Next;
        var length = StampWire.WriteReply(buffer, _options.Mode, new StampReflectorPacket(
            sequence,
            default,
            ErrorEstimate.WithFormat(format),
            request.Ssid,
            StampTimestamp.FromNanoseconds(arrival.Received.Nanoseconds, format),
            request.Sequence,
            request.Timestamp,
            request.ErrorEstimate,
            arrival.Ttl));
        var area = buffer.Slice(length, request.Tlvs.Length);
        request.Tlvs.CopyTo(area);
        var reply = new StampReply { Length = length + area.Length, Dscp = arrival.TrafficClass >> 2, Keys = _keys, Key = key, Format = format };
        if (_options.ProcessTlvs && !area.IsEmpty)
        {
            reply = AnswerTlvs(arrival, request, slot, sequence, area, reply);
        }

        if (slot < 0)
        {
            return reply with { Token = new StampReplyToken(-1, 0, sequence) };
        }

        ref var session = ref _table![slot];
        session.Next++;
        return reply with { Token = new StampReplyToken(slot, session.Generation, sequence) };
    }

    private StampReply AnswerTlvs(
        in StampArrival arrival, in StampSenderView request, int slot, uint sequence, Span<byte> area, in StampReply reply)
    {
        var key = reply.Key;
        var integrity = StampTlvCheck.Verify(request.Tlvs, request.Sequence, _options.Mode, reply.Keys, ref key);
        if (integrity == StampTlvIntegrity.Failed)
        {
            StampTlvAnswers.Refuse(area);
            return reply with { TlvIntegrity = integrity };
        }

        var answers = new StampTlvAnswers
        {
            Arrival = arrival,
            Information = TimestampInformation,
            Counters = arrival.Counters ?? CountersOf(slot),
            FollowUp = FollowUpOf(slot, reply.Format),
            PermittedDscp = _options.PermittedDscp,
            TellLocation = _options.TellLocation,
        };
        answers.Write(area);
        if (answers.MacOffset >= 0)
        {
            var covered = area[..(answers.MacOffset - StampTlv.HeaderLength)];
            StampMac.ComputeTlvs(reply.Keys![key], sequence, covered, area.Slice(answers.MacOffset, StampWire.MacLength));
        }

        return reply with { Dscp = answers.Dscp, AccessReport = answers.AccessReport, TlvIntegrity = integrity };
    }

    /// <summary>The session's own packets: requests with this one, replies without.</summary>
    private StampFlowCounters CountersOf(int slot) => slot < 0 ? default : new StampFlowCounters(_table![slot].Received, _table[slot].Next);

    private StampFollowUp FollowUpOf(int slot, StampTimestampFormat format)
    {
        if (slot < 0 || !_table![slot].HasFollowUp)
        {
            return default;
        }

        ref var session = ref _table[slot];
        var time = StampTimestamp.FromNanoseconds(session.FollowUpTime.Nanoseconds, format);
        return new StampFollowUp(session.FollowUpSequence, time, session.FollowUpMethod);
    }

    private bool IsCurrent(StampReplyToken token) =>
        _table is not null && token.Generation != 0 && _table[token.Slot].IsUsed && _table[token.Slot].Generation == token.Generation;
}
