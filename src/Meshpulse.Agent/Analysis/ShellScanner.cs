namespace Meshpulse.Agent.Analysis;

/// <summary>
/// Follows a bash command character by character and knows how it is quoted at each place (bash(1), QUOTING and EXPANSION),
/// as far as <see cref="PlaceholderText"/> needs to know: what it gets wrong costs a wrong text there, never safety.
/// </summary>
internal sealed class ShellScanner
{
    private readonly Stack<Frame> _frames = new([Frame.Plain]);
    private readonly string _text;
    private bool _hereDocumentAnnounced;
    private bool _inHereDocument;

    public ShellScanner(string text) => _text = text;

    private enum Frame
    {
        Plain,
        Parenthesis,
        Backtick,
        PlainBrace,
        Comment,
        Single,
        AnsiC,
        Double,
        DoubleBrace,
        Arithmetic,
        ArithmeticParenthesis,
    }

    /// <summary>How a text that is put in here would be read.</summary>
    public ShellContext Context => _inHereDocument ? ShellContext.HereDocument : _frames.Peek() switch
    {
        Frame.Single => ShellContext.Single,
        Frame.AnsiC => ShellContext.AnsiC,
        Frame.Double or Frame.DoubleBrace => ShellContext.Double,
        Frame.Arithmetic or Frame.ArithmeticParenthesis => ShellContext.Arithmetic,
        _ => ShellContext.Plain,
    };

    /// <summary>Takes in what stands at <paramref name="at"/> and gives its length, 1 to 3.</summary>
    public int Take(int at)
    {
        if (_text[at] == '\n' && _hereDocumentAnnounced)
        {
            _inHereDocument = true;
        }

        var frame = _frames.Peek();
        var taken = frame switch
        {
            Frame.Single => TakeUntil(at, '\''),
            Frame.AnsiC => TakeAnsiC(at),
            Frame.Comment => TakeUntil(at, '\n'),
            Frame.Double or Frame.DoubleBrace => TakeDouble(at, frame),
            Frame.Arithmetic or Frame.ArithmeticParenthesis => TakeArithmetic(at, frame),
            _ => TakePlain(at, frame),
        };
        return Math.Min(taken, _text.Length - at);
    }

    private bool Has(int at, string what) => string.CompareOrdinal(_text, at, what, 0, what.Length) == 0;

    private int Push(Frame frame, int length)
    {
        _frames.Push(frame);
        return length;
    }

    private int Pop(int length)
    {
        _frames.Pop();
        return length;
    }

    private int TakeUntil(int at, char end) => _text[at] == end ? Pop(1) : 1;

    private int TakeAnsiC(int at) => _text[at] == '\\' ? 2 : TakeUntil(at, '\'');

    private int TakeExpansion(int at, Frame brace)
    {
        if (Has(at, "$(("))
        {
            return Push(Frame.Arithmetic, 3);
        }

        if (Has(at, "$("))
        {
            return Push(Frame.Parenthesis, 2);
        }

        return Has(at, "${") ? Push(brace, 2) : 1;
    }

    private int TakeDouble(int at, Frame frame) => _text[at] switch
    {
        '\\' => 2,
        '"' => frame == Frame.Double ? Pop(1) : Push(Frame.Double, 1),
        '}' => frame == Frame.DoubleBrace ? Pop(1) : 1,
        '`' => Push(Frame.Backtick, 1),
        '$' => TakeExpansion(at, Frame.DoubleBrace),
        _ => 1,
    };

    private int TakeArithmetic(int at, Frame frame) => _text[at] switch
    {
        '(' => Push(Frame.ArithmeticParenthesis, 1),
        ')' => Pop(frame == Frame.Arithmetic && Has(at, "))") ? 2 : 1),
        '$' when Has(at, "$(") && !Has(at, "$((") => Push(Frame.Parenthesis, 2),
        _ => 1,
    };

    private int TakePlain(int at, Frame frame)
    {
        switch (_text[at])
        {
            case '\\':
                return 2;
            case '\'':
                return Push(Frame.Single, 1);
            case '"':
                return Push(Frame.Double, 1);
            case '`':
                return frame == Frame.Backtick ? Pop(1) : Push(Frame.Backtick, 1);
            case '$' when Has(at, "$'"):
                return Push(Frame.AnsiC, 2);
            case '$':
                return TakeExpansion(at, Frame.PlainBrace);
            case '(' when Has(at, "(("):
                return Push(Frame.Arithmetic, 2);
            case '(':
                return Push(Frame.Parenthesis, 1);
            case ')' when frame == Frame.Parenthesis:
            case '}' when frame == Frame.PlainBrace:
                return Pop(1);
            case '#' when frame != Frame.PlainBrace && StartsWord(at):
                return Push(Frame.Comment, 1);
            case '<':
                return TakeRedirection(at);
            default:
                return 1;
        }
    }

    private int TakeRedirection(int at)
    {
        if (Has(at, "<<<"))
        {
            return 3;
        }

        if (Has(at, "<<"))
        {
            _hereDocumentAnnounced = true;
            return 2;
        }

        return 1;
    }

    private bool StartsWord(int at) => at == 0 || " \t\n;&|()`".Contains(_text[at - 1]);
}
