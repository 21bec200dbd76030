using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// Signs and verifies what nodes tell each other, where they share a key: <c>Meshpulse-Auth: v1 TIME NONCE MAC</c> on a request, and
/// <c>Meshpulse-Auth: v1 MAC</c> on its answer, HMAC-SHA-256 (RFC 2104) in hexadecimal. docs/api.md has the texts that are signed.
/// <para>
/// A request is good for a minute around its time and once only, so that who recorded one can't have it answered again. The nonces of two minutes are
/// kept, at most 65,536 in each of two halves; only who has the key can fill them. An answer is bound to its request by the nonce, so that an old one
/// can't be passed off as new. Nothing is secret: it is signed, not encrypted.
/// </para>
/// </summary>
/// <param name="keys">The first signs, all verify.</param>
/// <param name="clock">The wall clock; null for the system's.</param>
public sealed class ShareKeys(StampKeyRing keys, Func<WallTime>? clock = null)
{
    /// <summary>The header of requests and answers.</summary>
    public const string Header = "Meshpulse-Auth";

    private const int MaxNonces = 65_536;
    private const int NonceDigits = 32;
    private const int MacDigits = 64;

    private static readonly Duration s_window = Duration.FromSeconds(60);

    private readonly Func<WallTime> _clock = clock ?? SystemClocks.Wall;
    private readonly Lock _lock = new();
    private HashSet<string> _seen = [];
    private HashSet<string> _seenBefore = [];
    private WallTime _turned;

    /// <summary>The header of a request.</summary>
    /// <param name="method">As in <c>GET</c>.</param>
    /// <param name="target">Path and query, as they are sent.</param>
    /// <param name="nonce">To verify the answer with.</param>
    public string SignRequest(string method, string target, out string nonce)
    {
        nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceDigits / 2));
        var time = Milliseconds(_clock()).ToString(CultureInfo.InvariantCulture);
        return $"v1 {time} {nonce} {MacOf(0, RequestText(method, target, time, nonce), [])}";
    }

    /// <summary>Whether a request is signed by a key of ours, is of this minute and was not seen yet.</summary>
    /// <param name="header">What it says.</param>
    /// <param name="method">Its method.</param>
    /// <param name="target">Its path and query.</param>
    /// <param name="seal">Signs the answer.</param>
    public bool TryVerifyRequest(string? header, string method, string target, out ShareSeal seal)
    {
        seal = default;
        if (header is not { Length: < 200 } || header.Split(' ') is not ["v1", var time, { Length: NonceDigits } nonce, { Length: MacDigits } mac]
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var sent))
        {
            return false;
        }

        var key = KeyOf(mac, RequestText(method, target, time, nonce), []);
        var now = _clock();
        if (key < 0 || Math.Abs(Milliseconds(now) - sent) > s_window.Milliseconds || !IsNew(nonce, now))
        {
            return false;
        }

        seal = new ShareSeal(key, nonce);
        return true;
    }

    /// <summary>The header of an answer.</summary>
    public string SignAnswer(ShareSeal seal, int status, ReadOnlySpan<byte> body) => $"v1 {MacOf(seal.Key, AnswerText(seal.Nonce, status), body)}";

    /// <summary>Whether an answer is signed by a key of ours, for this very request.</summary>
    public bool VerifyAnswer(string? header, string nonce, int status, ReadOnlySpan<byte> body) =>
        header is { Length: < 200 } && header.Split(' ') is ["v1", { Length: MacDigits } mac] && KeyOf(mac, AnswerText(nonce, status), body) >= 0;

    private static string RequestText(string method, string target, string time, string nonce) => $"meshpulse request\n{method}\n{target}\n{time}\n{nonce}\n";

    private static string AnswerText(string nonce, int status) => string.Create(CultureInfo.InvariantCulture, $"meshpulse answer\n{nonce}\n{status}\n");

    private static long Milliseconds(WallTime time) => time.Nanoseconds / 1_000_000;

    private string MacOf(int key, string text, ReadOnlySpan<byte> body)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, text, body, mac);
        return Convert.ToHexStringLower(mac);
    }

    /// <summary>Which key signed; -1 for none. All are tried, whichever it is.</summary>
    private int KeyOf(string mac, string text, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(mac, given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return -1;
        }

        var found = -1;
        for (var i = 0; i < keys.Count; i++)
        {
            Compute(i, text, body, right);
            found = CryptographicOperations.FixedTimeEquals(given, right) ? i : found;
        }

        return found;
    }

    private void Compute(int key, string text, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        var secret = keys[key];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Bytes);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData(body);
        _ = hash.GetHashAndReset(mac);
    }

    private bool IsNew(string nonce, WallTime now)
    {
        lock (_lock)
        {
            if ((now - _turned).Abs() > s_window * 2)
            {
                (_seenBefore, _seen, _turned) = (_seen, [], now);
            }

            return _seen.Count < MaxNonces && !_seenBefore.Contains(nonce) && _seen.Add(nonce);
        }
    }
}
