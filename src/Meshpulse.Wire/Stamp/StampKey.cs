using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Meshpulse.Wire.Stamp;

/// <summary>
/// A shared key of 1 to 64 bytes (one block of SHA-256; a longer one would only be hashed down to 32), held by value. It
/// does not show itself in texts, and comparing two takes the same time wherever they differ.
/// </summary>
public readonly struct StampKey : IEquatable<StampKey>
{
    /// <summary>The most bytes of a key.</summary>
    public const int MaxLength = 64;

    private readonly Block _block;
    private readonly int _length;

    private StampKey(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_block);
        _length = bytes.Length;
    }

    /// <summary>How many bytes it has: 1 to 64, and 0 for the default value, which is no key.</summary>
    public int Length => _length;

    /// <summary>The bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_block)[.._length];

    /// <summary>A key of these bytes; false where there are none or more than 64.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out StampKey key)
    {
        var fits = bytes.Length is > 0 and <= MaxLength;
        key = fits ? new StampKey(bytes) : default;
        return fits;
    }

    /// <summary>Reads a key of 2 to 128 hexadecimal digits without blanks; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out StampKey key)
    {
        key = default;
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (hex.Length > 2 * MaxLength || hex.Length % 2 != 0)
        {
            return false;
        }

        for (var i = 0; i < hex.Length; i += 2)
        {
            var (high, low) = (Digit(hex[i]), Digit(hex[i + 1]));
            if (high < 0 || low < 0)
            {
                return false;
            }

            bytes[i / 2] = (byte)((high << 4) | low);
        }

        return TryCreate(bytes[..(hex.Length / 2)], out key);
    }

    /// <inheritdoc />
    public bool Equals(StampKey other) => CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is StampKey other && Equals(other);

    /// <summary>From the length alone: a hash of a secret is half of it given away.</summary>
    public override int GetHashCode() => _length;

    /// <summary>True where both have the same bytes.</summary>
    public static bool operator ==(StampKey a, StampKey b) => a.Equals(b);

    /// <summary>True where the bytes differ.</summary>
    public static bool operator !=(StampKey a, StampKey b) => !a.Equals(b);

    /// <summary>Its length, never its bytes.</summary>
    public override string ToString() => $"key of {_length} bytes";

    private static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };

    [InlineArray(MaxLength)]
    private struct Block
    {
        private byte _first;
    }
}
