using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;
using StampDecision = Meshpulse.Core.Probing.StampReflector.StampDecision;

namespace Meshpulse.Core.Tests.Probing.Stamp;

/// <summary>The optional TLVs against the reflector itself, with and without authentication.</summary>
public sealed class StampFormTlvTests
{
    private const ushort Ssid = 7;

    private static readonly StampKeyRing s_keys = Ring("000102030405060708090a0b0c0d0e0f");
    private static readonly WallTime s_wall = new(1_700_000_000_000_000_000);
    private static readonly NodeEndpoint s_local = Endpoint("192.0.2.7:862");
    private static readonly NodeEndpoint s_source = Endpoint("198.51.100.9:40001");
    private static readonly StampTimestampInformation s_time =
        new(StampSyncSource.Ptp, StampTimestampMethod.HardwareAssist, StampSyncSource.Ntp, StampTimestampMethod.SoftwareLocal);

    [Theory]
    [InlineData(false, StampTlvSet.Optional, 72 + 48 + 8 + 16 + 8)]
    [InlineData(true, StampTlvSet.Optional, 160 + 48 + 8 + 16 + 8)]
    [InlineData(false, StampTlvSet.Location, 72 + 48)]
    [InlineData(true, StampTlvSet.AccessReport, 160 + 8)]
    public void All_that_is_asked_is_told_and_sizes_are_as_said(bool authenticated, StampTlvSet asked, int length)
    {
        var all = asked | StampTlvSet.FollowUpTelemetry | StampTlvSet.ClassOfService;
        Assert.Equal(length, StampForm.LengthOf(Mode(authenticated), all));
        var form = Form(authenticated, length, asked);
        Assert.Equal(all, form.Tlvs);

        var told = Exchange(form, Responder(authenticated), 3, out var reading);
        Assert.Equal(asked.HasFlag(StampTlvSet.Location) ? new StampLocation(s_local, s_source) : null, told.Location);
        Assert.Equal(asked.HasFlag(StampTlvSet.TimestampInformation) ? s_time : null, told.Time);
        Assert.Equal(asked.HasFlag(StampTlvSet.DirectMeasurement) ? new StampDirectMeasurement(4, 1, 0) : null, told.Direct);
        Assert.Equal(asked.HasFlag(StampTlvSet.AccessReport) ? StampForm.AccessReport : null, told.Access);
        Assert.Equal(StampTlvSet.None, told.Unrecognised);
        Assert.Equal((byte)46, reading.SeenDscp);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void V6_addresses_are_told_whole(bool authenticated)
    {
        var (local, source) = (Endpoint("[2001:db8::7]:862"), Endpoint("[2001:db8:1::9]:40001"));
        var form = Form(authenticated, 400, StampTlvSet.Location);
        Assert.Equal(new StampLocation(local, source), Exchange(form, Responder(authenticated), 0, out _, local, source).Location);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_there_is_no_room_the_asked_ones_come_first(bool authenticated)
    {
        const StampTlvSet Asked = StampTlvSet.DirectMeasurement | StampTlvSet.Location;
        var least = StampForm.LengthOf(Mode(authenticated), Asked);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => Form(authenticated, least - 1, Asked));

        var form = Form(authenticated, least, Asked);
        Assert.Equal(Asked, form.Tlvs);
        var told = Exchange(form, Responder(authenticated), 0, out var reading);
        Assert.Equal((true, true), (told.Location is not null, told.Direct is not null));
        Assert.Null(reading.SeenDscp);
        Assert.Equal(Asked | StampTlvSet.FollowUpTelemetry, Form(authenticated, least + 20, Asked).Tlvs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_told_that_was_not_asked(bool authenticated)
    {
        var form = Form(authenticated, 400, StampTlvSet.None);
        Assert.Equal(default, Exchange(form, Responder(authenticated), 0, out var reading));
        Assert.Equal((byte)46, reading.SeenDscp);

        // Not even by who says it all the same: a reply to another form, which has the same length.
        var packet = new byte[400];
        var reply = Answer(Form(authenticated, 400, StampTlvSet.Optional), Responder(authenticated), 0, packet, s_local, s_source);
        Assert.Equal(StampReadError.None, form.TryRead(reply, Ssid, s_wall, default, out _, out var told));
        Assert.Equal(default, told);
    }

    [Fact]
    public void A_reflector_without_tlvs_has_understood_none()
    {
        var form = Form(authenticated: false, 400, StampTlvSet.Optional);
        var told = Exchange(form, new StampResponder(new StampResponderOptions { ProcessTlvs = false }, 1), 0, out var reading);
        Assert.Equal(new StampTold { Unrecognised = form.Tlvs }, told);
        Assert.Null(reading.SeenDscp);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_reflector_leaves_zero_is_not_told(bool authenticated)
    {
        var responder = new StampResponder(Options(authenticated) with { TellLocation = false, Stateless = true }, 1);
        var told = Exchange(Form(authenticated, 400, StampTlvSet.Optional), responder, 0, out _);
        Assert.Equal(new StampTold { Access = StampForm.AccessReport }, told);
    }

    [Fact]
    public void Tlvs_of_which_one_was_changed_on_the_way_are_not_believed()
    {
        var form = Form(authenticated: true, 240, StampTlvSet.Optional);
        var reply = Answer(form, Responder(authenticated: true), 0, new byte[240], s_local, s_source).ToArray();
        // The MAC covers what stands before its TLV, whose flags have bits without meaning.
        var mac = reply.Length - StampTlv.HeaderLength - StampWire.MacLength;
        for (var at = StampWire.AuthenticatedLength; at < reply.Length; at += at == mac - 1 ? 2 : 1)
        {
            reply[at] ^= 1;
            Assert.Equal(StampReadError.None, form.TryRead(reply, Ssid, s_wall, default, out _, out var told));
            Assert.True(told == default, $"byte {at} was changed: {told}");
            reply[at] ^= 1;
        }

        Assert.Equal(StampReadError.None, form.TryRead(reply, Ssid, s_wall, default, out _, out var sound));
        Assert.NotNull(sound.Location);
    }

    [Fact]
    public void One_that_is_not_understood_takes_none_with_it_and_a_malformed_one_those_behind()
    {
        var form = Form(authenticated: false, 152, StampTlvSet.Optional);
        var reply = Answer(form, Responder(authenticated: false), 0, new byte[152], s_local, s_source).ToArray();
        // Follow-Up and Class of Service take 28 bytes, Location 48.
        const int Location = 44 + 28;
        const int Time = Location + 48;
        reply[Location] = 0x80;
        _ = form.TryRead(reply, Ssid, s_wall, default, out _, out var told);
        Assert.Equal((null, s_time, StampTlvSet.Location), (told.Location, told.Time, told.Unrecognised));
        Assert.NotNull(told.Access);

        reply[Time] = 0x40;
        _ = form.TryRead(reply, Ssid, s_wall, default, out var reading, out told);
        Assert.Equal(new StampTold { Unrecognised = StampTlvSet.Location }, told);
        Assert.Equal((byte)46, reading.SeenDscp);
    }

    [Fact]
    public void Random_bytes_behind_a_reply_are_survived()
    {
        const int Seed = 862;
        var random = new Random(Seed);
        var form = Form(authenticated: false, 152, StampTlvSet.Optional);
        var sound = Answer(form, Responder(authenticated: false), 0, new byte[152], s_local, s_source).ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var reply = sound[..random.Next(StampWire.UnauthenticatedLength, sound.Length + 1)];
            for (var changes = random.Next(1, 20); changes > 0 && reply.Length > StampWire.UnauthenticatedLength; changes--)
            {
                reply[random.Next(StampWire.UnauthenticatedLength, reply.Length)] = (byte)random.Next(256);
            }

            var error = form.TryRead(reply, Ssid, s_wall, default, out _, out var told);
            Assert.True(error == StampReadError.None, $"seed {Seed}, round {round}: {error}");
            Assert.True((told.Unrecognised & ~form.Tlvs) == StampTlvSet.None, $"seed {Seed}, round {round}: {told}");
        }
    }

    private static StampTold Exchange(StampForm form, StampResponder responder, uint sequence, out StampReading reading) =>
        Exchange(form, responder, sequence, out reading, s_local, s_source);

    private static StampTold Exchange(
        StampForm form, StampResponder responder, uint sequence, out StampReading reading, NodeEndpoint local, NodeEndpoint source)
    {
        var reply = Answer(form, responder, sequence, new byte[form.Length], local, source);
        Assert.Equal(StampReadError.None, form.TryRead(reply, Ssid, s_wall, default, out reading, out var told));
        return told;
    }

    private static ReadOnlySpan<byte> Answer(
        StampForm form, StampResponder responder, uint sequence, byte[] packet, NodeEndpoint local, NodeEndpoint source)
    {
        form.Write(packet, new SerialNumber(sequence), s_wall, Ssid, dscp: 46);
        var buffer = new byte[packet.Length];
        var arrival = new StampArrival(default, s_wall, source, local) { TrafficClass = 46 << 2 };
        Assert.Equal(StampDecision.Answer, responder.Decide(arrival, packet, buffer, out var reply));
        responder.Seal(reply, s_wall, buffer);
        return buffer.AsSpan(0, reply.Length);
    }

    private static StampForm Form(bool authenticated, int length, StampTlvSet asked) =>
        StampForm.Stamp(authenticated ? s_keys : null, length, StampErrorEstimate.Unknown, asked);

    private static StampResponder Responder(bool authenticated) => new(Options(authenticated), 1) { TimestampInformation = s_time };

    private static StampResponderOptions Options(bool authenticated) =>
        new() { Mode = Mode(authenticated), Keys = authenticated ? s_keys : null };

    private static StampMode Mode(bool authenticated) => authenticated ? StampMode.Authenticated : StampMode.Unauthenticated;

    private static NodeEndpoint Endpoint(string text) => NodeEndpoint.TryParse(text, out var endpoint) ? endpoint : throw new ArgumentException(text, nameof(text));

    private static StampKeyRing Ring(string hex)
    {
        Assert.True(StampKey.TryParse(hex, out var key));
        return new StampKeyRing(key);
    }
}
