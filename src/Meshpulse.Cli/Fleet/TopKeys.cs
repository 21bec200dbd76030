namespace Meshpulse.Cli.Fleet;

/// <summary>
/// Reads keys out of what a terminal sends (ECMA-48 control sequences; arrows come as CSI or SS3). A sequence may come in pieces; what is no key of ours is
/// passed over whole, so that its letters do not act by themselves.
/// </summary>
public sealed class TopKeys
{
    private const char Escape = '\e';
    private const int Longest = 16;

    private readonly List<char> _sequence = [];

    /// <summary>The keys in some bytes, in order.</summary>
    public IReadOnlyList<TopKey> Read(ReadOnlySpan<byte> bytes)
    {
        var keys = new List<TopKey>();
        foreach (var value in bytes)
        {
            if (Take((char)value) is { } key)
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    /// <summary>Nothing came for a while: an escape that stands alone was the key of that name.</summary>
    public void EndOfInput() => _sequence.Clear();

    private TopKey? Take(char c)
    {
        if (c == Escape || _sequence.Count >= Longest)
        {
            _sequence.Clear();
            _sequence.Add(Escape);
            return null;
        }

        if (_sequence.Count == 0)
        {
            return Plain(c);
        }

        _sequence.Add(c);
        var isOpen = _sequence.Count == 2 ? c is '[' or 'O' : c is >= ' ' and <= '?';
        if (isOpen)
        {
            return null;
        }

        var ended = new string([.. _sequence.Skip(2)]);
        _sequence.Clear();
        return Sequence(ended);
    }

    private static TopKey? Plain(char c) => c switch
    {
        'q' or 'Q' => TopKey.Quit,
        'k' => TopKey.Up,
        'j' => TopKey.Down,
        'h' => TopKey.Left,
        'l' => TopKey.Right,
        'c' or '\t' => TopKey.NextFigure,
        'v' or 'n' => TopKey.NextVerdict,
        'V' or 'N' => TopKey.PreviousVerdict,
        'p' or ' ' => TopKey.Pause,
        '?' or 'H' => TopKey.Help,
        '\f' => TopKey.Redraw,
        _ => null,
    };

    private static TopKey? Sequence(string end) => end switch
    {
        "A" => TopKey.Up,
        "B" => TopKey.Down,
        "C" => TopKey.Right,
        "D" => TopKey.Left,
        "5~" => TopKey.PageUp,
        "6~" => TopKey.PageDown,
        _ => null,
    };
}
