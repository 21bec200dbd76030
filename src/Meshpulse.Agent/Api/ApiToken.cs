using System.Security.Cryptography;
using System.Text;
using Meshpulse.Linux.Files;

namespace Meshpulse.Agent.Api;

/// <summary>
/// The secret that whoever asks the API has to know: <c>Authorization: Bearer TOKEN</c> (RFC 6750). All nodes of a mesh have the same. It is sent as it is:
/// without TLS, whoever can listen has it.
/// <para>
/// A file that others than its owner may read or change is refused, as with keys. Comparing takes as long whatever is wrong, hashes being compared,
/// so that the length is no secret's hint either.
/// </para>
/// </summary>
public sealed class ApiToken
{
    /// <summary>The shortest token: 16 characters.</summary>
    public const int MinLength = 16;

    /// <summary>The longest token.</summary>
    public const int MaxLength = 512;

    private const string Scheme = "Bearer ";
    private const int MaxFileLength = 4_096;
    private const int OthersMask = 0x3F; // 077

    private readonly byte[] _hash;

    /// <summary>A token.</summary>
    /// <exception cref="ApiTokenException">It is too short or long, or has other characters than those of RFC 6750, section 2.1.</exception>
    public ApiToken(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length is < MinLength or > MaxLength || !token.All(IsAllowed))
        {
            throw new ApiTokenException($"a token is {MinLength} to {MaxLength} letters, digits or -._~+/= on one line");
        }

        (Header, _hash) = (Scheme + token, SHA256.HashData(Encoding.ASCII.GetBytes(token)));
    }

    /// <summary>What a request says in its Authorization header.</summary>
    public string Header { get; }

    /// <summary>Reads a file that holds a token and nothing else.</summary>
    /// <exception cref="ApiTokenException">It can't be read, others may read it, or it holds no token.</exception>
    public static ApiToken Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = GC.AllocateUninitializedArray<byte>(MaxFileLength, pinned: true);
        try
        {
            var found = SmallFile.Read(path, content);
            if (Obstacle(path, found) is { } obstacle)
            {
                throw new ApiTokenException($"{path}: {obstacle}");
            }

            return new ApiToken(Encoding.ASCII.GetString(content.AsSpan(0, found.Length!.Value)).Trim(' ', '\t', '\r', '\n'));
        }
        catch (ApiTokenException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new ApiTokenException($"{path}: {e.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>Whether an Authorization header has this token.</summary>
    public bool IsIn(string? header)
    {
        if (header is not { Length: <= MaxLength + 7 } || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        Span<byte> given = stackalloc byte[MaxLength];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Encoding.ASCII.TryGetBytes(header.AsSpan(Scheme.Length).Trim(' '), given, out var length))
        {
            return false;
        }

        SHA256.HashData(given[..length], hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=';

    private static string? Obstacle(string path, SmallFileState found)
    {
        if (!found.Exists)
        {
            return "no such file";
        }

        if (found.Length is null)
        {
            return $"can't be read: it must be a regular file of at most {MaxFileLength} bytes that this user may read";
        }

        return (found.Mode & OthersMask) == 0
            ? null
            : $"its mode is {Convert.ToString(found.Mode, 8).PadLeft(4, '0')}: others than its owner can get at the token; chmod 600 {path}";
    }
}
