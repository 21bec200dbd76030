namespace Meshpulse.Core.Statistics;

/// <summary>
/// Counters by key, of which only those that were hit exist: keys in ascending order and counts in parallel arrays.
/// A key takes two bytes where the domain allows, a count four; the upper halves of the counts exist from the first count
/// that needs one. Growth is by a quarter, not by doubling, because there are thousands of these and they settle.
/// The caller keeps the sum of all counts below 2^63.
/// </summary>
internal struct SparseCounts
{
    private const int FirstCapacity = 16;

    private readonly int _domain;
    private ushort[]? _narrowKeys;
    private int[]? _wideKeys;
    private uint[] _low;
    private uint[]? _high;
    private int _lastHit;

    /// <summary>No counts, for keys from 0 to <paramref name="domain"/> - 1.</summary>
    public SparseCounts(int domain)
    {
        _domain = domain;
        _low = [];
        (_narrowKeys, _wideKeys) = domain <= ushort.MaxValue + 1 ? ((ushort[]?)[], (int[]?)null) : (null, []);
    }

    /// <summary>How many distinct keys were hit.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of all arrays with their headers.</summary>
    public readonly int ArrayBytes
    {
        get
        {
            const int Header = 24;
            var perKey = (_wideKeys is null ? sizeof(ushort) : sizeof(int)) + sizeof(uint) + (_high is null ? 0 : sizeof(uint));
            // Empty arrays are shared by the whole process.
            return _low.Length == 0 ? 0 : (_low.Length * perKey) + (Header * (_high is null ? 2 : 3));
        }
    }

    /// <summary>The key at a position below <see cref="Length"/>.</summary>
    public readonly int KeyAt(int position) => _narrowKeys is not null ? _narrowKeys[position] : _wideKeys![position];

    /// <summary>The count at a position below <see cref="Length"/>.</summary>
    public readonly long CountAt(int position) => _low[position] | (_high is null ? 0 : (long)_high[position] << 32);

    /// <summary>Counts a key; allocates only where it was never hit, or its count passes 2^32 as the first one.</summary>
    public void Add(int key, long count)
    {
        var position = Locate(key);
        if (position < 0)
        {
            position = ~position;
            Insert(position, key);
        }

        _lastHit = position;
        var sum = CountAt(position) + count;
        if (sum > uint.MaxValue)
        {
            _high ??= new uint[_low.Length];
        }

        _low[position] = (uint)sum;
        _high?[position] = (uint)(sum >> 32);
    }

    /// <summary>The position of the first key that is not below <paramref name="key"/>.</summary>
    public readonly int FirstAtOrAbove(int key)
    {
        var position = Search(key);
        return position < 0 ? ~position : position;
    }

    /// <summary>Forgets all counts and keeps the room.</summary>
    public void Clear() => Length = 0;

    /// <summary>Gives back the room that is not used, and the upper halves where no count needs them.</summary>
    public void TrimExcess()
    {
        if (_high is not null && !_high.AsSpan(0, Length).ContainsAnyExcept(0u))
        {
            _high = null;
        }

        Resize(Length);
    }

    /// <summary>Makes this equal to <paramref name="other"/>, in the room it has where that is enough.</summary>
    public void CopyFrom(SparseCounts other)
    {
        if (_low.Length < other.Length)
        {
            Resize(other.Length);
        }

        Length = other.Length;
        Copy(other._narrowKeys, _narrowKeys, Length);
        Copy(other._wideKeys, _wideKeys, Length);
        Copy(other._low, _low, Length);
        if (other._high is not null)
        {
            _high ??= new uint[_low.Length];
            Copy(other._high, _high, Length);
        }
        else
        {
            _high?.AsSpan(0, Length).Clear();
        }
    }

    private readonly int Locate(int key)
    {
        // Latencies repeat, and merges come in ascending order: the last hit and its neighbour answer most lookups.
        for (var guess = _lastHit; guess < Length && guess <= _lastHit + 1; guess++)
        {
            if (KeyAt(guess) == key)
            {
                return guess;
            }
        }

        return Length > 0 && KeyAt(Length - 1) < key ? ~Length : Search(key);
    }

    private readonly int Search(int key) => _narrowKeys is not null
        ? _narrowKeys.AsSpan(0, Length).BinarySearch((ushort)key)
        : _wideKeys.AsSpan(0, Length).BinarySearch(key);

    private void Insert(int position, int key)
    {
        if (Length == _low.Length)
        {
            Resize(Math.Min(Math.Max(Length + (Length / 4), Length + FirstCapacity), _domain));
        }

        if (_narrowKeys is not null)
        {
            OpenGap(_narrowKeys, position, (ushort)key);
        }
        else
        {
            OpenGap(_wideKeys!, position, key);
        }

        OpenGap(_low, position, 0u);
        if (_high is not null)
        {
            OpenGap(_high, position, 0u);
        }

        Length++;
    }

    private readonly void OpenGap<T>(T[] array, int position, T value)
    {
        Array.Copy(array, position, array, position + 1, Length - position);
        array[position] = value;
    }

    private void Resize(int capacity)
    {
        Resize(ref _narrowKeys, capacity);
        Resize(ref _wideKeys, capacity);
        Resize(ref _low!, capacity);
        Resize(ref _high, capacity);
    }

    private static void Copy<T>(T[]? from, T[]? to, int length) => from.AsSpan(0, from is null ? 0 : length).CopyTo(to);

    private static void Resize<T>(ref T[]? array, int capacity)
    {
        if (array is not null)
        {
            Array.Resize(ref array, capacity);
        }
    }
}
