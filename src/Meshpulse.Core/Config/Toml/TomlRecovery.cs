namespace Meshpulse.Core.Config.Toml;

/// <summary>
/// Finds the place to go on at behind a mistake.
/// </summary>
/// <remarks>
/// To go on at the next line is right for most mistakes and wrong inside brackets, where each further line of the array would
/// be one more nonsense error. To skip to the closing bracket is wrong where just that bracket is the mistake: the rest of the
/// file would be lost. So text is skipped up to the closing bracket, but a line that can only be an expression and is indented no
/// deeper than the broken one ends the search: people indent what stands inside brackets.
/// </remarks>
internal static class TomlRecovery
{
    /// <summary>Skips what belongs to a broken expression.</summary>
    /// <param name="openBrackets">How many brackets are open here.</param>
    /// <param name="column">The column that the broken expression began at.</param>
    /// <param name="atLineStart">True where the cursor stands at the start of a later line than the expression's first.</param>
    public static void Skip(TomlCursor cursor, int openBrackets, int column, bool atLineStart)
    {
        do
        {
            if (atLineStart)
            {
                cursor.SkipBlanks();
                if (cursor.Position.Column <= column && LooksLikeExpression(cursor))
                    return;
            }

            openBrackets = SkipLine(cursor, openBrackets);
            atLineStart = true;
        }
        while (cursor.TryTakeNewline() && openBrackets > 0);
    }

    private static int SkipLine(TomlCursor cursor, int openBrackets)
    {
        while (!cursor.AtLineEnd)
        {
            switch (cursor.Current)
            {
                case '#':
                    cursor.Advance(cursor.CountAhead(0, c => c != '\n'));
                    return openBrackets;
                case '"' or '\'':
                    SkipString(cursor);
                    continue;
                case '[' or '{':
                    openBrackets++;
                    break;
                case ']' or '}':
                    openBrackets = Math.Max(0, openBrackets - 1);
                    break;
            }

            cursor.Advance();
        }

        return openBrackets;
    }

    private static void SkipString(TomlCursor cursor)
    {
        var quote = cursor.Current;
        var isLong = cursor.Peek(1) == quote && cursor.Peek(2) == quote;
        var delimiter = new string(quote, isLong ? 3 : 1);
        cursor.Advance(delimiter.Length);
        while (!cursor.TryTake(delimiter) && !(isLong ? cursor.AtEnd : cursor.AtLineEnd))
            cursor.Advance(quote == '"' && cursor.Current == '\\' && cursor.Peek(1) is '"' or '\\' ? 2 : 1);
    }

    /// <summary>True for <c>key =</c>, and for a header that is alone on its line.</summary>
    private static bool LooksLikeExpression(TomlCursor cursor)
    {
        var brackets = cursor.CountAhead(0, c => c == '[');
        var end = EndOfKey(cursor, brackets);
        if (brackets == 0)
            return end > 0 && cursor.Peek(end) == '=';
        var closing = cursor.CountAhead(end, c => c == ']');
        end += closing;
        end += cursor.CountAhead(end, c => c is ' ' or '\t');
        return brackets <= 2 && closing == brackets && cursor.Peek(end) is '\n' or '\r' or '#' or '\0';
    }

    private static int EndOfKey(TomlCursor cursor, int at)
    {
        for (; ; )
        {
            var start = at;
            at += cursor.CountAhead(at, c => TomlKeys.IsBare(c) || c is '.' or ' ' or '\t');
            var quote = cursor.Peek(at);
            if (quote is '"' or '\'')
                at += 1 + cursor.CountAhead(at + 1, c => c != quote && c != '\n');
            if (quote is '"' or '\'' && cursor.Peek(at) == quote)
                at++;
            if (at == start)
                return at;
        }
    }
}
