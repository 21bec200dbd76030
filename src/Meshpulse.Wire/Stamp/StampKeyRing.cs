namespace Meshpulse.Wire.Stamp;

/// <summary>
/// The keys that are valid at the same time, so that a new one can be brought to all hosts before the old one goes: the
/// first signs what we send of ourselves, any of them verifies, and a reply is signed with the one that verified its request.
/// </summary>
public sealed class StampKeyRing : IEquatable<StampKeyRing>
{
    /// <summary>The most keys: each costs a hash on a packet that none of them signed.</summary>
    public const int MaxCount = 16;

    private readonly StampKey[] _keys;

    /// <summary>A ring of keys, the signing one first.</summary>
    /// <exception cref="ArgumentException">None, more than 16, or one of no length.</exception>
    public StampKeyRing(params ReadOnlySpan<StampKey> keys)
    {
        if (keys.Length is 0 or > MaxCount)
        {
            throw new ArgumentException("A ring has 1 to 16 keys.", nameof(keys));
        }

        foreach (ref readonly var key in keys)
        {
            if (key.Length == 0)
            {
                throw new ArgumentException("A key has 1 to 64 bytes.", nameof(keys));
            }
        }

        _keys = keys.ToArray();
    }

    /// <summary>1 to 16.</summary>
    public int Count => _keys.Length;

    /// <summary>The key at a place from 0; the one at 0 signs.</summary>
    public ref readonly StampKey this[int index] => ref _keys[index];

    /// <summary>The same keys in the same order; how many of them are the same shows in the time it takes.</summary>
    public bool Equals(StampKeyRing? other) => other is not null && _keys.AsSpan().SequenceEqual(other._keys);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as StampKeyRing);

    /// <summary>From the number of keys alone.</summary>
    public override int GetHashCode() => Count;
}
