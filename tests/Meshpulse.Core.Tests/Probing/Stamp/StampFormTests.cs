using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Tests.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.Stamp;

/// <summary>Requests as our own reflector takes them, and replies as it and anybody else makes them.</summary>
public class StampFormTests
{
    private const ushort Ssid = 0x1234;
    private const int Dscp = 10;
    private const int SeenDscp = 46;

    private static readonly StampKeyRing s_keys = new(StampBench.Key);
    private static readonly StampErrorEstimate s_estimate = new(0x8f84);
    private static readonly MonoTime s_arrived = new(77);

    public enum Kind
    {
        Unauthenticated,
        Authenticated,
        Twamp,
    }

    [Theory]
    [InlineData(Kind.Unauthenticated, 44)]
    [InlineData(Kind.Authenticated, 112)]
    public void Every_length_from_the_base_up_is_answered_with_whatever_TLVs_have_room(Kind kind, int smallest)
    {
        for (var length = smallest; length <= smallest + 130; length++)
        {
            var form = Form(kind, length);
            var bench = Bench(kind);
            var request = Request(form, 7, StampBench.Second0 + 123_456_789);
            var asked = ExpectedTlvs(kind, length);
            Assert.Equal(asked, TlvsOf(request, smallest));

            var first = Read(form, bench.Ask(request));
            Assert.Equal(StampDecisionOf(bench), (length, Core.Probing.StampReflector.StampDecision.Answer));
            Assert.Equal((7u, 0u, StampBench.Second0 + 123_456_789), (first.Reply.SenderSequence.Value, first.Reply.ReflectorSequence.Value, first.Reply.T1.Nanoseconds));
            Assert.Equal((bench.Received, bench.Received + 50_000, s_arrived), (first.Reply.T2.Nanoseconds, first.Reply.T3.Nanoseconds, first.Reply.Arrived));
            Assert.Equal((true, true, (byte)250), (first.IsSynchronised, first.HasSessionId, first.SenderTtl));
            Assert.Equal(asked.Contains(StampTlvType.ClassOfService) ? (byte)SeenDscp : null, first.SeenDscp);
            Assert.Equal(asked.Contains(StampTlvType.ClassOfService) ? Dscp : SeenDscp, bench.Reply.Dscp);
            // Nothing left before it: the time there is zero.
            Assert.Null(first.FollowUp);

            bench.Responder.OnTransmitted(bench.Reply.Token, new WallTime(bench.Received + 61_234), StampTimestampMethod.SoftwareLocal);
            var second = Read(form, bench.Ask(Request(form, 8, StampBench.Second0 + 223_456_789)));
            Assert.Equal(1u, second.Reply.ReflectorSequence.Value);
            Assert.Equal(
                asked.Contains(StampTlvType.FollowUpTelemetry) ? new StampFollowUpReading(new SerialNumber(0), new WallTime(bench.Received + 61_234)) : null,
                second.FollowUp);
        }
    }

    [Fact]
    public void The_full_lengths_hold_both_TLVs_and_nothing_else()
    {
        Assert.Equal((72, 160), (StampForm.FullLength, StampForm.FullAuthenticatedLength));
        Assert.Equal([StampTlvType.FollowUpTelemetry, StampTlvType.ClassOfService], ExpectedTlvs(Kind.Unauthenticated, 72));
        Assert.Equal([StampTlvType.FollowUpTelemetry, StampTlvType.ClassOfService, StampTlvType.Hmac], ExpectedTlvs(Kind.Authenticated, 160));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(41)]
    [InlineData(44)]
    [InlineData(72)]
    [InlineData(1000)]
    public void TWAMP_has_neither_session_ids_nor_TLVs(int length)
    {
        var form = Form(Kind.Twamp, length);
        var bench = Bench(Kind.Twamp, new StampResponderOptions { ProcessTlvs = false });
        var request = Request(form, 7, StampBench.Second0);
        Assert.Equal((length, 0), (request.Length, request.AsSpan(14).IndexOfAnyExcept((byte)0) + 1));
        var reply = bench.Ask(request);
        Assert.Equal(Math.Max(length, 44), reply.Length);
        var reading = Read(form, reply);
        Assert.Equal((7u, 0u, StampBench.Second0), (reading.Reply.SenderSequence.Value, reading.Reply.ReflectorSequence.Value, reading.Reply.T1.Nanoseconds));
        Assert.Equal((false, null, null), (reading.HasSessionId, reading.SeenDscp, reading.FollowUp));

        // Where STAMP has its session id, TWAMP must be zero, and says nothing.
        (reply[14], reply[15]) = (9, 9);
        _ = Read(form, reply);
    }

    [Fact]
    public void Any_nanosecond_comes_back_as_it_went()
    {
        const ulong seed = 20;
        var random = new SplitMix64(seed);
        var form = Form(Kind.Unauthenticated, 44);
        for (var i = 0; i < 2_000; i++)
        {
            var t1 = StampBench.Second0 + random.Below(1_000_000_000);
            Assert.True(t1 == Read(form, Bench(Kind.Unauthenticated).Ask(Request(form, 0, t1))).Reply.T1.Nanoseconds, $"seed {seed}, round {i}: {t1}");
        }
    }

    [Fact]
    public void Of_another_session_is_what_carries_another_id_and_none_is_taken()
    {
        var form = Form(Kind.Unauthenticated, 72);
        var reply = Bench(Kind.Unauthenticated).Ask(Request(form, 7, StampBench.Second0));
        Assert.Equal(StampReadError.OtherSession, form.TryRead(reply, Ssid + 1, WallOf(0), s_arrived, out _));
        (reply[14], reply[15]) = (0, 0);
        Assert.False(Read(form, reply).HasSessionId);
    }

    [Theory]
    [InlineData(StampTlvFlags.Unrecognised, false, true)]
    [InlineData(StampTlvFlags.Malformed, false, false)]
    [InlineData(StampTlvFlags.IntegrityFailed, false, false)]
    public void A_TLV_that_the_reflector_did_not_fill_in_is_not_believed_and_the_reply_is(StampTlvFlags flags, bool hasFollowUp, bool hasDscp)
    {
        var (form, reply) = SecondReply(Kind.Unauthenticated, 72);
        Assert.Equal((true, true), (Read(form, reply).FollowUp is not null, Read(form, reply).SeenDscp is not null));
        reply[44] = (byte)flags;
        var reading = Read(form, reply);
        Assert.Equal((8u, hasFollowUp, hasDscp), (reading.Reply.SenderSequence.Value, reading.FollowUp is not null, reading.SeenDscp is not null));
    }

    [Fact]
    public void A_time_of_zero_is_no_time_of_sending()
    {
        var (form, reply) = SecondReply(Kind.Unauthenticated, 72);
        reply.AsSpan(44 + StampTlv.HeaderLength + sizeof(uint), sizeof(ulong)).Clear();
        Assert.Equal((null, (byte)SeenDscp), (Read(form, reply).FollowUp, Read(form, reply).SeenDscp!.Value));
    }

    [Fact]
    public void Not_a_bit_of_the_signed_base_can_be_changed_and_changed_TLVs_are_ignored()
    {
        var (form, reply) = SecondReply(Kind.Authenticated, StampForm.FullAuthenticatedLength);
        Assert.NotNull(Read(form, reply).FollowUp);
        for (var bit = 0; bit < reply.Length * 8; bit++)
        {
            reply[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = form.TryRead(reply, Ssid, WallOf(0), s_arrived, out var reading);
            if (bit / 8 < 112)
            {
                Assert.True(error == StampReadError.Mac, $"bit {bit}: {error}");
            }
            else if (bit / 8 is < 140 or >= 144)
            {
                Assert.True((error, reading.FollowUp, reading.SeenDscp) == (StampReadError.None, null, null), $"bit {bit}: {error} {reading}");
            }

            // What is left is the head of the HMAC TLV, which it does not cover.
            reply[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(StampReadError.Mac, Form(Kind.Authenticated, 160, new StampKeyRing(StampBench.MakeKey(9))).TryRead(reply, Ssid, WallOf(0), s_arrived, out _));
        // An unsigned reply is none to who has keys.
        Assert.Equal(StampReadError.Mac, form.TryRead(SecondReply(Kind.Unauthenticated, 160).Reply, Ssid, WallOf(0), s_arrived, out _));
    }

    [Fact]
    public void A_reply_of_an_older_key_is_read_with_it()
    {
        var older = StampBench.MakeKey(9);
        var bench = Bench(Kind.Authenticated, new StampResponderOptions { Mode = StampMode.Authenticated, Keys = new StampKeyRing(older) });
        var reply = bench.Ask(Request(Form(Kind.Authenticated, 160, new StampKeyRing(older)), 7, StampBench.Second0));
        Assert.Equal((byte)SeenDscp, Read(Form(Kind.Authenticated, 160, new StampKeyRing(StampBench.Key, older)), reply).SeenDscp);
    }

    [Theory]
    [InlineData(Kind.Unauthenticated, 1)]
    [InlineData(Kind.Authenticated, 2)]
    [InlineData(Kind.Twamp, 3)]
    public void Nothing_that_can_come_does_harm(Kind kind, ulong seed)
    {
        var random = new SplitMix64(seed);
        var (form, sound) = SecondReply(kind, kind == Kind.Authenticated ? 200 : 100);
        var outcomes = new Dictionary<StampReadError, int>();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = random.Below(4) == 0 ? new byte[random.Below(250)] : sound[..random.Below(sound.Length + 1)];
            for (var n = random.Below(8); n > 0 && bytes.Length > 0; n--)
            {
                bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
            }

            try
            {
                var error = form.TryRead(bytes, Ssid, WallOf(0), s_arrived, out var reading);
                outcomes[error] = outcomes.GetValueOrDefault(error) + 1;
                Assert.True(error != StampReadError.None || reading.SeenDscp is null or < 64, $"{reading}");
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {i}: {Convert.ToHexString(bytes)}: {e}");
            }
        }

        // Both outcomes have to be reached, or this tests little.
        Assert.True(outcomes.GetValueOrDefault(StampReadError.None) > 20 && outcomes.Count > 1, $"seed {seed}: {string.Join(' ', outcomes)}");
    }

    [Theory]
    [InlineData(Kind.Unauthenticated, 41)]
    [InlineData(Kind.Authenticated, 112)]
    public void What_is_cut_off_is_read_as_far_as_a_reply_goes(Kind kind, int shortest)
    {
        var (form, reply) = SecondReply(kind, kind == Kind.Authenticated ? 160 : 72);
        for (var length = 0; length <= reply.Length; length++)
        {
            var error = form.TryRead(reply.AsSpan(0, length), Ssid, WallOf(0), s_arrived, out var reading);
            Assert.True(length >= shortest == (error == StampReadError.None), $"{length} bytes: {error}");
            Assert.True(length < reply.Length == (reading.SeenDscp is null || (kind == Kind.Unauthenticated && length < 72)), $"{length} bytes: {reading}");
        }
    }

    [Fact]
    public void A_time_that_can_not_be_is_malformed()
    {
        var form = Form(Kind.Unauthenticated, 44);
        var reply = Bench(Kind.Unauthenticated).Ask(Request(form, 7, StampBench.Second0));
        // The multiplier of the error estimate must not be zero (RFC 4656, section 4.1.2).
        reply[13] = 0;
        Assert.Equal(StampReadError.Malformed, form.TryRead(reply, Ssid, WallOf(0), s_arrived, out _));
        // PTP with more nanoseconds than a second has.
        (reply[12], reply[13]) = (0x40, 1);
        reply.AsSpan(8, 4).Fill(0xff);
        Assert.Equal(StampReadError.Malformed, form.TryRead(reply, Ssid, WallOf(0), s_arrived, out _));
    }

    [Fact]
    public void Lengths_and_buffers_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Form(Kind.Unauthenticated, 43));
        Assert.Throws<ArgumentOutOfRangeException>(() => Form(Kind.Authenticated, 111));
        Assert.Throws<ArgumentOutOfRangeException>(() => Form(Kind.Twamp, 13));
        Assert.All(Enum.GetValues<Kind>(), kind => Assert.Throws<ArgumentOutOfRangeException>(() => Form(kind, 65_508)));
        Assert.All(Enum.GetValues<Kind>(), kind => Assert.Equal(65_507, Request(Form(kind, 65_507), 0, StampBench.Second0).Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => Form(Kind.Unauthenticated, 72).Write(new byte[71], default, WallOf(0), Ssid, Dscp));
    }

    private static StampForm Form(Kind kind, int length, StampKeyRing? keys = null) =>
        kind == Kind.Twamp ? StampForm.Twamp(length) : StampForm.Stamp(kind == Kind.Authenticated ? keys ?? s_keys : null, length, s_estimate);

    private static StampBench Bench(Kind kind, StampResponderOptions? options = null)
    {
        var authenticated = new StampResponderOptions { Mode = StampMode.Authenticated, Keys = s_keys };
        return new StampBench(options ?? (kind == Kind.Authenticated ? authenticated : null)) { TrafficClass = SeenDscp << 2 };
    }

    private static byte[] Request(StampForm form, uint sequence, long t1)
    {
        var packet = new byte[form.Length];
        // Whatever was there before is written over.
        packet.AsSpan().Fill(0xee);
        form.Write(packet, new SerialNumber(sequence), new WallTime(t1), Ssid, Dscp);
        return packet;
    }

    /// <summary>A reply with a time of sending of the one before, where the kind has such.</summary>
    private static (StampForm Form, byte[] Reply) SecondReply(Kind kind, int length)
    {
        var form = Form(kind, length);
        var bench = Bench(kind);
        _ = bench.Ask(Request(form, 7, StampBench.Second0));
        bench.Responder.OnTransmitted(bench.Reply.Token, new WallTime(bench.Received + 60_000), StampTimestampMethod.SoftwareLocal);
        return (form, bench.Ask(Request(form, 8, StampBench.Second0 + 1_000)));
    }

    private static StampReading Read(StampForm form, byte[] reply)
    {
        Assert.Equal(StampReadError.None, form.TryRead(reply, Ssid, WallOf(300_000_000), s_arrived, out var reading));
        return reading;
    }

    private static WallTime WallOf(long offset) => new(StampBench.Second0 + offset);

    private static (int Length, Core.Probing.StampReflector.StampDecision Decision) StampDecisionOf(StampBench bench) => (bench.Reply.Length, bench.Decision);

    private static List<StampTlvType> ExpectedTlvs(Kind kind, int length)
    {
        var isSigned = kind == Kind.Authenticated;
        var room = length - (isSigned ? 112 + 20 : 44);
        // To be believed, signed TLVs must not be followed by one to three bytes.
        bool Fits(int wanted) => room >= wanted && (!isSigned || room - wanted is 0 or > 3);
        var tlvs = new List<StampTlvType>();
        var used = 0;
        if (Fits(20))
        {
            (used, tlvs) = (20, [StampTlvType.FollowUpTelemetry]);
        }

        if (Fits(28))
        {
            (used, tlvs) = (28, [StampTlvType.FollowUpTelemetry, StampTlvType.ClassOfService]);
        }

        if (used > 0 && isSigned)
        {
            tlvs.Add(StampTlvType.Hmac);
        }

        var left = (used == 0 && isSigned ? room + 20 : room) - used;
        if (left > 0)
        {
            tlvs.Add(left > 3 ? StampTlvType.ExtraPadding : StampTlvType.None);
        }

        return tlvs;
    }

    private static List<StampTlvType> TlvsOf(byte[] packet, int baseLength)
    {
        var tlvs = new List<StampTlvType>();
        foreach (var tlv in new StampTlvReader(packet.AsSpan(baseLength)))
        {
            tlvs.Add(tlv.Type);
        }

        return tlvs;
    }
}
