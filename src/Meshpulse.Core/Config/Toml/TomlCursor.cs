namespace Meshpulse.Core.Config.Toml;

/// <summary>
/// A place in the text that moves forward and counts lines and code points as it goes: to count them afterwards for each value
/// would be quadratic on a file of one long line.
/// </summary>
internal sealed class TomlCursor(string text, string file)
{
    private int _line = 1;
    private int _column = 1;

    /// <summary>Characters passed and looked ahead at: the measure of the parser's work.</summary>
    public long Steps { get; private set; }

    /// <summary>How many UTF-16 units lie behind.</summary>
    public int Index { get; private set; }

    /// <summary>True behind the last character.</summary>
    public bool AtEnd => Index >= text.Length;

    /// <summary>The character here; NUL at the end, which no rule of the grammar asks for.</summary>
    public char Current => Peek(0);

    /// <summary>Where this is.</summary>
    public TomlPosition Position => new(file, _line, _column);

    /// <summary>True at LF or CR LF. A lone CR ends no line in TOML and stands nowhere.</summary>
    public bool AtNewline => Current == '\n' || (Current == '\r' && Peek(1) == '\n');

    /// <summary>True where a line's content ends: at a newline or at the end.</summary>
    public bool AtLineEnd => AtEnd || AtNewline;

    /// <summary>True at a character that TOML allows nowhere: all of ASCII's control characters but tab and the newline.</summary>
    public bool AtControl => !AtLineEnd && Current is (< ' ' and not '\t') or '\x7F';

    /// <summary>What stands here, for messages.</summary>
    public string Found => this switch
    {
        { AtEnd: true } => "the end of the file",
        { AtNewline: true } => "the end of the line",
        { Current: '\r' } => "a carriage return without a line feed",
        _ when AtControl => $"the control character U+{(int)Current:X4}",
        _ => TomlDiagnostics.Quote(text.AsSpan(Index, char.IsHighSurrogate(Current) ? 2 : 1)),
    };

    /// <summary>The character <paramref name="ahead"/> further on; NUL behind the end.</summary>
    public char Peek(int ahead) => Index + ahead < text.Length ? text[Index + ahead] : '\0';

    /// <summary>The text from <paramref name="start"/> up to here.</summary>
    public ReadOnlySpan<char> Since(int start) => text.AsSpan(start, Index - start);

    /// <summary>Moves on by one character; at the end it stays.</summary>
    public void Advance()
    {
        if (AtEnd)
            return;
        var passed = text[Index++];
        Steps++;
        if (passed == '\n')
            (_line, _column) = (_line + 1, 1);
        else if (!char.IsLowSurrogate(passed))
            _column++;
    }

    /// <summary>Moves on by <paramref name="count"/> characters.</summary>
    public void Advance(int count)
    {
        while (count-- > 0)
            Advance();
    }

    /// <summary>A place to come back to.</summary>
    public (int Index, int Line, int Column) Mark => (Index, _line, _column);

    /// <summary>Goes back to a place. The work done since stays counted.</summary>
    public void Return((int Index, int Line, int Column) mark) => (Index, _line, _column) = mark;

    /// <summary>Passes <paramref name="expected"/> where it stands here.</summary>
    public bool TryTake(char expected)
    {
        var found = !AtEnd && Current == expected;
        if (found)
            Advance();
        return found;
    }

    /// <summary>Passes <paramref name="expected"/> where it stands here.</summary>
    public bool TryTake(string expected)
    {
        var found = text.AsSpan(Index).StartsWith(expected);
        if (found)
            Advance(expected.Length);
        return found;
    }

    /// <summary>Passes one newline.</summary>
    public bool TryTakeNewline()
    {
        var found = AtNewline;
        if (found)
            Advance(Current == '\r' ? 2 : 1);
        return found;
    }

    /// <summary>Passes spaces and tabs.</summary>
    public void SkipBlanks() => Advance(CountAhead(0, c => c is ' ' or '\t'));

    /// <summary>How many characters of a kind follow one another from <paramref name="from"/> further on.</summary>
    public int CountAhead(int from, Func<char, bool> isOfKind)
    {
        var count = 0;
        while (Index + from + count < text.Length && isOfKind(Peek(from + count)))
            count++;
        Steps += count;
        return count;
    }
}
