using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Wire.Tests.Stamp;

public sealed class StampTlvTests
{
    private const string V6Request = "80040004b80000008005000c0000000700000000000000008007001000000000000000000000000000000000"
        + "80080010f6f8b1c39e39e755cda36600bae8b8c68001000400000000";

    private const string V6Reply = "00040004b92400000005000c0000000700000006000000050007001000000000e8fe6f802062bfb902000000"
        + "00080010ff90d24df16c2a98ef337fdaa50214870001000400000000";

    private static readonly StampKey Key = MakeKey(0);
    private static readonly StampKeyRing Keys = new(MakeKey(1), Key);

    /// <summary>V6, as its sender writes it.</summary>
    [Fact]
    public void The_writer_makes_the_golden_request()
    {
        var bytes = new byte[V6Request.Length / 2];
        Array.Fill(bytes, (byte)0xee);
        var writer = new StampTlvWriter(bytes);
        writer.AddClassOfService(46);
        writer.AddDirectMeasurement(7);
        writer.AddFollowUp();
        writer.AddHmac(Key, 1);
        writer.AddExtraPadding(4);
        Assert.Equal(bytes.Length, writer.Length);
        Assert.Equal(V6Request, Convert.ToHexStringLower(bytes));
    }

    /// <summary>V6, as its sender reads the reply.</summary>
    [Fact]
    public void The_golden_reply_is_verified_and_read()
    {
        var area = Convert.FromHexString(V6Reply);
        var key = -1;
        Assert.Equal(StampTlvIntegrity.Verified, StampTlvCheck.Verify(area, 1, StampMode.Unauthenticated, Keys, ref key));
        Assert.Equal(1, key);
        var types = new List<StampTlvType>();
        foreach (var tlv in new StampReplyTlvReader(area))
        {
            types.Add(tlv.Type);
            switch (tlv.Type)
            {
                case StampTlvType.ClassOfService:
                    Assert.True(StampClassOfService.TryRead(tlv.Value, out var cos));
                    Assert.Equal(new StampClassOfService(46, 18, 1, 0), cos);
                    break;
                case StampTlvType.DirectMeasurement:
                    Assert.True(StampDirectMeasurement.TryRead(tlv.Value, out var counters));
                    Assert.Equal(new StampDirectMeasurement(7, 6, 5), counters);
                    break;
                case StampTlvType.FollowUpTelemetry:
                    Assert.True(StampFollowUp.TryRead(tlv.Value, out var followUp));
                    Assert.Equal(new StampFollowUp(0, new StampTimestamp(0xe8fe6f802062bfb9), StampTimestampMethod.SoftwareLocal), followUp);
                    break;
                default:
                    break;
            }
        }

        Assert.Equal([StampTlvType.ClassOfService, StampTlvType.DirectMeasurement, StampTlvType.FollowUpTelemetry, StampTlvType.Hmac, StampTlvType.ExtraPadding], types);
    }

    /// <summary>V7, before and after the reflector.</summary>
    [Theory]
    [InlineData("80c80002dead800100020000", "200 ok, 1 ok")]
    [InlineData("00c80002dead000100020000", "200 ok, 1 ok")]
    [InlineData("80010002000080040003000000", "1 ok, 4 malformed")]
    [InlineData("800100020000800400030000008005000c000000000000000000000000", "1 ok, 4 malformed, 5 ok")]
    [InlineData("80010002000080050064aabb", "1 ok, 5 cut")]
    [InlineData("a1a2a3a4a5a6", "162 cut")]
    [InlineData("80", "0 cut")]
    [InlineData("8004", "4 cut")]
    [InlineData("800400", "4 cut")]
    [InlineData("80010000", "1 ok")]
    [InlineData("", "")]
    public void The_reader_tells_what_is_malformed(string area, string expected)
    {
        var found = new List<string>();
        foreach (var tlv in new StampTlvReader(Convert.FromHexString(area)))
        {
            found.Add($"{(int)tlv.Type} {(tlv.IsTruncated ? "cut" : tlv.IsMalformed ? "malformed" : "ok")}");
        }

        Assert.Equal(expected, string.Join(", ", found));
    }

    [Theory]
    [InlineData("00010002000000c80000", "1, 200")]
    [InlineData("000100020000 80c80002dead 000100020000", "1, 1")]
    [InlineData("000100020000 40040003000000 000100020000", "1")]
    [InlineData("000100020000 00040003000000 000100020000", "1")]
    [InlineData("000100020000 0001ffff", "1")]
    [InlineData("000100020000 200100020000", "")]
    [InlineData("40c80002dead 200100020000", "")]
    public void Of_a_reply_only_what_may_be_used_is_read(string area, string expected)
    {
        var found = new List<int>();
        var reader = new StampReplyTlvReader(Convert.FromHexString(area.Replace(" ", "", StringComparison.Ordinal)));
        foreach (var tlv in reader)
        {
            found.Add((int)tlv.Type);
        }

        Assert.Equal(expected, string.Join(", ", found));
        Assert.Equal(area.Contains("20010", StringComparison.Ordinal) && expected.Length == 0, reader.IntegrityFailed);
    }

    /// <summary>V8, and the places where an HMAC TLV may stand.</summary>
    [Fact]
    public void An_hmac_tlv_holds_only_in_its_place_with_its_number_and_a_known_key()
    {
        var request = Convert.FromHexString(V6Request);
        AssertIntegrity(StampTlvIntegrity.Verified, request, StampMode.Unauthenticated);
        AssertIntegrity(StampTlvIntegrity.Verified, request, StampMode.Authenticated);
        AssertIntegrity(StampTlvIntegrity.Failed, request, StampMode.Unauthenticated, sequence: 2);
        AssertIntegrity(StampTlvIntegrity.Failed, [.. request, 0x80, 200, 0, 0], StampMode.Unauthenticated);
        AssertIntegrity(StampTlvIntegrity.Failed, [.. request, 0x80], StampMode.Unauthenticated);
        AssertIntegrity(StampTlvIntegrity.Verified, [.. request, 0x80, 1, 0, 0], StampMode.Unauthenticated);
        AssertIntegrity(StampTlvIntegrity.Failed, [.. request, .. request[44..64]], StampMode.Unauthenticated);
        // Neither the padding behind nor the HMAC TLV's own flags are covered, everything before is.
        for (var i = 0; i < request.Length; i++)
        {
            request[i] ^= 1;
            var integrity = Integrity(request, StampMode.Unauthenticated, 1);
            Assert.True((i is 44 or 64 or > 65) == (integrity == StampTlvIntegrity.Verified), $"byte {i}: {integrity}");
            request[i] ^= 1;
        }

        var key = 0;
        Assert.Equal(StampTlvIntegrity.Failed, StampTlvCheck.Verify(request, 1, StampMode.Authenticated, Keys, ref key));
        key = -1;
        Assert.Equal(StampTlvIntegrity.Failed, StampTlvCheck.Verify(request, 1, StampMode.Unauthenticated, null, ref key));
        Assert.Equal(-1, key);
    }

    [Theory]
    [InlineData("", StampTlvIntegrity.NotProtected, StampTlvIntegrity.NotProtected)]
    [InlineData("80010000", StampTlvIntegrity.NotProtected, StampTlvIntegrity.NotProtected)]
    [InlineData("8001000080010000", StampTlvIntegrity.NotProtected, StampTlvIntegrity.NotProtected)]
    [InlineData("80040004b8000000", StampTlvIntegrity.NotProtected, StampTlvIntegrity.Failed)]
    [InlineData("a1a2a3a4a5a6", StampTlvIntegrity.NotProtected, StampTlvIntegrity.Failed)]
    [InlineData("8008000f000000000000000000000000000000", StampTlvIntegrity.Failed, StampTlvIntegrity.Failed)]
    public void It_is_needed_with_authentication_unless_there_is_only_padding(string area, StampTlvIntegrity without, StampTlvIntegrity with)
    {
        AssertIntegrity(without, Convert.FromHexString(area), StampMode.Unauthenticated);
        AssertIntegrity(with, Convert.FromHexString(area), StampMode.Authenticated);
    }

    [Fact]
    public void A_long_area_is_hashed_like_a_short_one()
    {
        var bytes = new byte[StampWire.MaxLength];
        var writer = new StampTlvWriter(bytes);
        writer.AddExtraPadding(60_000);
        writer.AddHmac(Key, 9);
        AssertIntegrity(StampTlvIntegrity.Verified, bytes[..writer.Length], StampMode.Unauthenticated, sequence: 9);
        using var hmac = new System.Security.Cryptography.HMACSHA256(Key.Bytes.ToArray());
        var expected = hmac.ComputeHash([0, 0, 0, 9, .. bytes[..60_004]]);
        Assert.Equal(expected[..16], bytes[60_008..60_024]);
    }

    [Fact]
    public void Location_is_asked_for_and_read()
    {
        var bytes = new byte[100];
        var writer = new StampTlvWriter(bytes);
        writer.AddLocation(addresses: true, mac: true);
        Assert.Equal("80020038" + "00000000" + "80040010" + new string('0', 32) + "80070010" + new string('0', 32) + "80010008" + new string('0', 16), Convert.ToHexStringLower(bytes.AsSpan(0, writer.Length)));

        var reply = Convert.FromHexString("035e9c40" + "000500100a000001" + new string('0', 24) + "0009001020010db8" + new string('0', 22) + "01");
        Assert.True(StampLocation.TryRead(reply, out var location));
        Assert.Equal(new StampLocation(Node("10.0.0.1:862"), Node("[2001:db8::1]:40000")), location);
        Assert.True(StampLocation.TryRead(reply.AsSpan(0, 4), out location));
        Assert.Equal(new StampLocation(Node("0.0.0.0:862"), Node("0.0.0.0:40000")), location);
        Assert.False(StampLocation.TryRead(reply.AsSpan(0, 3), out _));
    }

    [Fact]
    public void The_values_come_back_and_have_one_length()
    {
        var random = new Random(7);
        var bytes = new byte[32];
        for (var i = 0; i < 5_000; i++)
        {
            random.NextBytes(bytes);
            var cos = new StampClassOfService(random.Next(64), random.Next(64), random.Next(4), random.Next(4));
            cos.Write(bytes);
            Assert.True(StampClassOfService.TryRead(bytes.AsSpan(0, 4), out var cosBack) && cos == cosBack && bytes[2] == 0 && bytes[3] == 0);
            var counters = new StampDirectMeasurement((uint)random.NextInt64(), (uint)random.NextInt64(), (uint)random.NextInt64());
            counters.Write(bytes);
            Assert.True(StampDirectMeasurement.TryRead(bytes.AsSpan(0, 12), out var countersBack) && counters == countersBack);
            var followUp = new StampFollowUp((uint)random.NextInt64(), new StampTimestamp((ulong)random.NextInt64()), (StampTimestampMethod)random.Next(256));
            followUp.Write(bytes);
            Assert.True(StampFollowUp.TryRead(bytes.AsSpan(0, 16), out var followUpBack) && followUp == followUpBack);
            var report = new StampAccessReport((StampAccessId)random.Next(16), (StampAccessReturnCode)random.Next(256));
            report.Write(bytes);
            Assert.True(StampAccessReport.TryRead(bytes.AsSpan(0, 4), out var reportBack) && report == reportBack);
            Assert.Equal((int)report.Id is 1 or 2, report.IsValid);
            var information = new StampTimestampInformation((StampSyncSource)bytes[8], (StampTimestampMethod)bytes[9], (StampSyncSource)bytes[10], (StampTimestampMethod)bytes[11]);
            information.Write(bytes);
            Assert.True(StampTimestampInformation.TryRead(bytes.AsSpan(0, 4), out var informationBack) && information == informationBack);
        }

        for (var length = 0; length <= 32; length++)
        {
            var value = bytes.AsSpan(0, length);
            Assert.Equal(length == 4, StampClassOfService.TryRead(value, out _));
            Assert.Equal(length == 4, StampAccessReport.TryRead(value, out _));
            Assert.Equal(length == 12, StampDirectMeasurement.TryRead(value, out _));
            Assert.Equal(length == 16, StampFollowUp.TryRead(value, out _));
            Assert.Equal(length >= 4, StampTimestampInformation.TryRead(value, out _));
        }
    }

    [Fact]
    public void The_writer_refuses_what_does_not_fit_and_leaves_all_as_it_was()
    {
        var bytes = new byte[20];
        Array.Fill(bytes, (byte)0xee);
        foreach (var act in new Action[]
        {
            () => new StampTlvWriter(bytes).AddExtraPadding(17),
            () => new StampTlvWriter(bytes).AddExtraPadding(-1),
            () => new StampTlvWriter(new byte[70_000]).AddExtraPadding(65_536),
            () => new StampTlvWriter(bytes.AsSpan(0, 19)).AddHmac(Key, 0),
            () => new StampTlvWriter(bytes.AsSpan(0, 3)).AddExtraPadding(0),
            () => new StampTlvWriter(bytes).AddLocation(),
            () => new StampTlvWriter(bytes).AddClassOfService(64),
            () => new StampTlvWriter(bytes).Add((StampTlvType)256, []),
        })
        {
            Assert.ThrowsAny<ArgumentException>(act);
            Assert.All(bytes, b => Assert.Equal(0xee, b));
        }
    }

    /// <summary>Whatever stands there: no reader throws, and TLV for TLV the area is covered without a gap.</summary>
    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void Any_bytes_are_walked_to_their_end(int seed)
    {
        var random = new Random(seed);
        var (whole, cut, usable) = (0, 0, 0);
        for (var i = 0; i < 30_000; i++)
        {
            var area = Area(random);
            var end = 0;
            foreach (var tlv in new StampTlvReader(area))
            {
                Assert.True(tlv.Offset == end && (tlv.IsTruncated || tlv.End <= area.Length), $"seed {seed}, round {i}");
                (end, whole, cut) = (tlv.IsTruncated ? area.Length : tlv.End, whole + (tlv.IsMalformed ? 0 : 1), cut + (tlv.IsTruncated ? 1 : 0));
                _ = StampLocation.TryRead(tlv.Value, out _);
            }

            Assert.Equal(area.Length, end);
            foreach (var tlv in new StampReplyTlvReader(area))
            {
                Assert.False(tlv.IsMalformed);
                usable++;
            }

            var key = random.Next(-1, 2);
            _ = StampTlvCheck.Verify(area, 1, (StampMode)random.Next(2), random.Next(2) == 0 ? Keys : null, ref key);
        }

        Assert.True(whole > 10_000 && cut > 1_000 && usable > 1_000, $"{whole} {cut} {usable}");
    }

    private static byte[] Area(Random random)
    {
        var bytes = new byte[random.Next(150)];
        random.NextBytes(bytes);
        for (var at = 0; random.Next(12) != 0 && at + 4 < bytes.Length;)
        {
            var length = random.Next(4) == 0 ? random.Next(24) : new[] { 0, 4, 12, 16 }[random.Next(4)];
            (bytes[at], bytes[at + 1]) = (random.Next(3) == 0 ? bytes[at] : (byte)0, (byte)random.Next(12));
            (bytes[at + 2], bytes[at + 3]) = (0, (byte)length);
            at += 4 + length;
        }

        return bytes;
    }

    private static void AssertIntegrity(StampTlvIntegrity expected, byte[] area, StampMode mode, uint sequence = 1) =>
        Assert.Equal(expected, Integrity(area, mode, sequence));

    private static StampTlvIntegrity Integrity(byte[] area, StampMode mode, uint sequence)
    {
        var key = -1;
        return StampTlvCheck.Verify(area, sequence, mode, Keys, ref key);
    }

    private static StampKey MakeKey(int first) =>
        StampKey.TryCreate(Enumerable.Range(first, 32).Select(i => (byte)i).ToArray(), out var key) ? key : throw new InvalidOperationException();

    private static NodeEndpoint Node(string text) => NodeEndpoint.TryParse(text, out var node) ? node : throw new FormatException(text);
}
