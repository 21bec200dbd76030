using System.Security.Cryptography;
using System.Text;
using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Fleet;

public sealed class ShareKeysTests
{
    private const string Target = "/api/v1/slices?after=1&wait=1000";

    private static readonly byte[] s_key = [0xaa, 0x01];
    private static readonly byte[] s_body = "{\"slices\":[]}"u8.ToArray();

    private WallTime _now = new(1_800_000_000_000_000_000);

    [Fact]
    public void Holders_of_a_key_believe_each_other()
    {
        var (asker, asked) = (Keys("aa01", "bb02"), Keys("cc03", "aa01"));
        var header = asker.SignRequest("GET", Target, out var nonce);
        Assert.True(asked.TryVerifyRequest(header, "GET", Target, out var seal));
        var answer = asked.SignAnswer(seal, 200, s_body);
        Assert.True(asker.VerifyAnswer(answer, nonce, 200, s_body));
    }

    [Fact]
    public void The_signed_text_is_as_documented()
    {
        var header = Keys("aa01").SignRequest("GET", Target, out var nonce).Split(' ');
        var text = $"meshpulse request\nGET\n{Target}\n1800000000000\n{nonce}\n";
        Assert.Equal(["v1", "1800000000000", nonce, Convert.ToHexStringLower(HMACSHA256.HashData(s_key, Encoding.UTF8.GetBytes(text)))], header);
        var answer = Keys("aa01").SignAnswer(new ShareSeal(0, nonce), 200, s_body);
        Assert.Equal($"v1 {Convert.ToHexStringLower(HMACSHA256.HashData(s_key, (byte[])[.. Encoding.UTF8.GetBytes($"meshpulse answer\n{nonce}\n200\n"), .. s_body]))}", answer);
    }

    [Fact]
    public void A_request_is_good_once()
    {
        var (asker, asked) = (Keys("aa01"), Keys("aa01"));
        var header = asker.SignRequest("GET", Target, out _);
        Assert.True(asked.TryVerifyRequest(header, "GET", Target, out _));
        Assert.False(asked.TryVerifyRequest(header, "GET", Target, out _));
        _now += Duration.FromSeconds(59);
        Assert.False(asked.TryVerifyRequest(header, "GET", Target, out _));
    }

    [Theory]
    [InlineData(-61, false)]
    [InlineData(-59, true)]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public void A_request_is_good_for_a_minute(int seconds, bool expected)
    {
        var header = Keys("aa01").SignRequest("GET", Target, out _);
        _now += Duration.FromSeconds(seconds);
        Assert.Equal(expected, Keys("aa01").TryVerifyRequest(header, "GET", Target, out _));
    }

    [Fact]
    public void Nobody_else_is_believed()
    {
        var asked = Keys("aa01");
        var header = asked.SignRequest("GET", Target, out var nonce);
        Assert.False(Keys("aa02").TryVerifyRequest(header, "GET", Target, out _));
        Assert.False(asked.TryVerifyRequest(header, "POST", Target, out _));
        Assert.False(asked.TryVerifyRequest(header, "GET", Target + "0", out _));
        Assert.False(asked.TryVerifyRequest(null, "GET", Target, out _));
        Assert.False(asked.TryVerifyRequest("", "GET", Target, out _));
        Assert.False(asked.TryVerifyRequest(header.Replace("v1", "v2", StringComparison.Ordinal), "GET", Target, out _));
        Assert.False(asked.TryVerifyRequest(header + "0", "GET", Target, out _));
        Assert.False(asked.TryVerifyRequest(header[..^1] + "g", "GET", Target, out _));
        Assert.False(asked.TryVerifyRequest(new string('x', 100_000), "GET", Target, out _));

        var answer = asked.SignAnswer(new ShareSeal(0, nonce), 200, s_body);
        Assert.False(asked.VerifyAnswer(answer, nonce, 201, s_body));
        Assert.False(asked.VerifyAnswer(answer, nonce, 200, "{}"u8));
        Assert.False(asked.VerifyAnswer(answer, new string('0', 32), 200, s_body));
        Assert.False(asked.VerifyAnswer(null, nonce, 200, s_body));
        Assert.False(Keys("aa02").VerifyAnswer(answer, nonce, 200, s_body));
        Assert.True(asked.VerifyAnswer(answer, nonce, 200, s_body));
    }

    private ShareKeys Keys(params string[] hex) => new(TestFleet.Ring(hex), () => _now);
}
