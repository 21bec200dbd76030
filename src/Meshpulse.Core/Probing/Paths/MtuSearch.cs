using System.Collections.Immutable;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// Finds the largest IP packet that passes a path there and back unfragmented, a packet at a time (the idea is RFC 4821's). Where a router
/// says "too big" that is believed for that size at once; many say nothing, which is the fault that is looked for: so a size fails when
/// three of its packets in a row were not answered, and only the caller knows whether smaller ones were.
/// <para>
/// First the sizes that links have, then halves of what is left. Once found, the size that passes is tried again now and then; when it fails
/// the search begins anew below.
/// </para>
/// </summary>
public sealed class MtuSearch
{
    private const int Tries = 3;

    private static readonly ImmutableArray<int> s_usual = [1500, 9000, 4352, 1492, 1450, 1420, 1400, 1280, 8942, 1476, 1472];

    private readonly int _smallest;
    private readonly int _largest;
    private int _passing;
    private int _failing;
    private int _misses;

    /// <summary>A search that knows nothing.</summary>
    /// <param name="smallest">What passes anyway, in bytes of IP packet.</param>
    /// <param name="largest">The largest to be tried; not less.</param>
    public MtuSearch(int smallest, int largest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(smallest, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, smallest);
        (_smallest, _largest, _failing) = (smallest, largest, largest + 1);
    }

    /// <summary>What is known.</summary>
    public MtuFigures Figures => new(_passing == 0 ? null : _passing, _passing > 0 && _failing <= _largest ? _failing : null);

    /// <summary>Nothing lies between what passes and what does not.</summary>
    public bool IsSettled => _passing > 0 && _failing - _passing <= 1;

    /// <summary>The size to be tried next.</summary>
    public int Next
    {
        get
        {
            if (IsSettled)
            {
                return _passing;
            }

            var low = Math.Max(_passing, _smallest - 1);
            if (low == 0 || _failing - low <= 1)
            {
                return _smallest;
            }

            foreach (var size in s_usual)
            {
                if (size > low && size < _failing)
                {
                    return size;
                }
            }

            return low + ((_failing - low) / 2);
        }
    }

    /// <summary>A packet of the size came back.</summary>
    public void OnPassed(int size)
    {
        _misses = 0;
        _passing = Math.Max(_passing, size);
        _failing = Math.Max(_failing, _passing + 1);
    }

    /// <summary>A packet of the size did not come back, although smaller ones did.</summary>
    /// <param name="size">Its size.</param>
    /// <param name="isCertain">A router or this host said that it is too big.</param>
    public void OnMissed(int size, bool isCertain)
    {
        _misses = isCertain ? Tries : _misses + 1;
        if (_misses < Tries)
        {
            return;
        }

        _misses = 0;
        // What is believed to pass anyway fails too: there is nothing to search for.
        if (size > _smallest)
        {
            _failing = Math.Min(_failing, size);
            _passing = _passing >= size ? 0 : _passing;
        }
    }
}
