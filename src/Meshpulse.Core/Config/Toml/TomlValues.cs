namespace Meshpulse.Core.Config.Toml;

/// <summary>Values, and the keys that they belong to: <c>key = value</c> has the same form on a line and between braces.</summary>
internal sealed class TomlValues(TomlCursor cursor, TomlKeys keys, TomlStrings strings, TomlDefinitions definitions, TomlDiagnostics diagnostics)
{
    private ((int Index, int Line, int Column) Mark, int OpenBrackets)? _line;

    /// <summary>How many brackets and braces are open: the recovery from a mistake must know what it is inside of.</summary>
    public int OpenBrackets { get; private set; }

    /// <summary>Forgets the brackets of the expression before.</summary>
    public void BeginExpression()
    {
        OpenBrackets = 0;
        _line = null;
    }

    /// <summary>
    /// Goes back to the start of the line, where brackets have taken the expression beyond its first: seen from there, a line may
    /// prove to be the next expression, and the mistake a bracket that was not closed. False, and no move, on the first line.
    /// </summary>
    public bool TryReturnToLineStart()
    {
        if (_line is not var (mark, openBrackets))
            return false;
        cursor.Return(mark);
        OpenBrackets = openBrackets;
        return true;
    }

    /// <summary>Reads <c>key = value</c> into <paramref name="table"/>; false, once reported, where the text went wrong.</summary>
    public bool ReadPair(TomlTable table)
    {
        if (keys.Read() is not { } path)
            return false;
        if (!cursor.TryTake('='))
            return diagnostics.Refuse(cursor.Position, $"'=' is missing behind the key; here is {cursor.Found}");

        // The key is judged before the value is read, so that its errors come first; a key that is barred loses its value, but
        // the value is still read, since it may be wrong as well.
        var owner = definitions.WalkKey(table, path);
        var allowed = owner is not null && definitions.AllowKey(owner, path[^1]);
        cursor.SkipBlanks();
        if (Read((owner ?? table).Depth + 1) is not { } value)
            return false;
        if (allowed)
            owner!.Add(path[^1], value);
        return true;
    }

    /// <summary>Reads a value; null, once reported, where it cannot be told what comes after it.</summary>
    /// <param name="depth">How many tables and arrays the value lies in.</param>
    private TomlValue? Read(int depth)
    {
        var at = cursor.Position;
        return cursor.Current switch
        {
            '"' or '\'' => strings.Read() is { } text ? new TomlString(text, at) : null,
            '[' => diagnostics.AllowDepth(depth, at) ? ReadArray(depth, at) : null,
            '{' => diagnostics.AllowDepth(depth, at) ? ReadInlineTable(depth, at) : null,
            _ => ReadToken(at),
        };
    }

    private TomlArray? ReadArray(int depth, TomlPosition at)
    {
        var array = new TomlArray(isTableArray: false, at);
        Open();
        SkipBetweenElements();
        while (!TryClose(']'))
        {
            if (cursor.AtEnd)
                return RefuseOpen<TomlArray>("array", ']', at);
            if (!diagnostics.AllowValue(cursor.Position) || Read(depth + 1) is not { } item)
                return null;
            array.Add(item);
            SkipBetweenElements();
            if (cursor.TryTake(','))
                SkipBetweenElements();
            else if (cursor.Current != ']')
                return RefuseOpen<TomlArray>("array", ']', at);
        }

        return array;
    }

    private TomlTable? ReadInlineTable(int depth, TomlPosition at)
    {
        var table = new TomlTable(TomlOrigin.Inline, depth, at);
        Open();
        cursor.SkipBlanks();
        if (TryClose('}'))
            return table;
        do
        {
            cursor.SkipBlanks();
            if (!StaysOnLine(at) || !HasKey() || !ReadPair(table))
                return null;
            cursor.SkipBlanks();
            if (TryClose('}'))
                return table;
        }
        while (cursor.TryTake(','));
        return StaysOnLine(at) ? RefuseOpen<TomlTable>("inline table", '}', at) : null;
    }

    private T? RefuseOpen<T>(string what, char bracket, TomlPosition at)
        where T : TomlValue
    {
        diagnostics.Refuse(cursor.Position, $"a ',' or the {what}'s '{bracket}' is missing; here is {cursor.Found} ({Opened(at)})");
        return null;
    }

    private bool StaysOnLine(TomlPosition at) =>
        (!cursor.AtLineEnd && cursor.Current != '#')
        || diagnostics.Refuse(cursor.Position, $"an inline table ends on the line that it begins on; a longer one needs a [header] ({Opened(at)})");

    private bool HasKey() =>
        cursor.Current is not ('}' or ',')
        || diagnostics.Refuse(cursor.Position, $"a key is missing before {cursor.Found}; an inline table takes no comma at its end");

    private void SkipBetweenElements()
    {
        cursor.SkipBlanks();
        TomlComments.Skip(cursor, diagnostics);
        while (cursor.TryTakeNewline())
        {
            _line = (cursor.Mark, OpenBrackets);
            cursor.SkipBlanks();
            TomlComments.Skip(cursor, diagnostics);
        }
    }

    private TomlValue? ReadToken(TomlPosition at)
    {
        var token = TakeToken();
        if (token is "true" or "false")
            return new TomlBoolean(token is "true", at);
        if (token.IsEmpty)
        {
            diagnostics.Refuse(at, $"a value is missing; here is {cursor.Found}");
            return null;
        }

        // A number or a date that is wrong ends where its token ends, so what follows can be read; a stand-in takes its place.
        // The root is not given out after an error, so nobody sees it.
        if (TomlDateTimes.IsMeant(token))
            return TomlDateTimes.Read(token, at, diagnostics) ?? new TomlBoolean(value: false, at);
        if (char.IsAsciiDigit(token[0]) || token[0] is '+' or '-' or '.' || token is "inf" or "nan")
            return TomlNumbers.Read(token, at, diagnostics) ?? new TomlBoolean(value: false, at);
        diagnostics.Refuse(at, $"{TomlDiagnostics.Quote(token)} is no value: {Advice(token)}{(OpenBrackets > 0 ? ", or a bracket is missing before it" : "")}");
        return null;
    }

    private ReadOnlySpan<char> TakeToken()
    {
        var start = cursor.Index;
        cursor.Advance(cursor.CountAhead(0, IsInToken));
        if (cursor.Current == ' ' && char.IsAsciiDigit(cursor.Peek(1)) && TomlDateTimes.IsDate(cursor.Since(start)))
            cursor.Advance(1 + cursor.CountAhead(1, IsInToken));
        return cursor.Since(start);
    }

    private static bool IsInToken(char c) => c > ' ' && c != '\x7F' && !",[]{}#=\"'".Contains(c);

    private static string Advice(ReadOnlySpan<char> token) => token switch
    {
        _ when token.Equals("true", StringComparison.OrdinalIgnoreCase) || token.Equals("false", StringComparison.OrdinalIgnoreCase)
            => "true and false are written small",
        _ when token.Equals("inf", StringComparison.OrdinalIgnoreCase) || token.Equals("nan", StringComparison.OrdinalIgnoreCase)
            => "inf and nan are written small",
        _ => "a string stands in quotes",
    };

    private static string Opened(TomlPosition at) => $"it was opened at line {at.Line}, column {at.Column}";

    private void Open()
    {
        OpenBrackets++;
        cursor.Advance();
    }

    private bool TryClose(char bracket)
    {
        var found = cursor.TryTake(bracket);
        OpenBrackets -= found ? 1 : 0;
        return found;
    }
}
