namespace Meshpulse.Core.Config.Toml;

/// <summary>A document's lines: headers, keys with values, comments; and how reading goes on behind a mistake.</summary>
internal sealed class TomlDocument
{
    private readonly TomlCursor _cursor;
    private readonly TomlDefinitions _definitions;
    private readonly TomlDiagnostics _diagnostics;
    private readonly TomlKeys _keys;
    private readonly TomlValues _values;
    private TomlTable _section;

    public TomlDocument(TomlCursor cursor, TomlDefinitions definitions, TomlDiagnostics diagnostics)
    {
        var strings = new TomlStrings(cursor, diagnostics);
        _cursor = cursor;
        _definitions = definitions;
        _diagnostics = diagnostics;
        _keys = new TomlKeys(cursor, strings, diagnostics);
        _values = new TomlValues(cursor, _keys, strings, definitions, diagnostics);
        _section = definitions.Root;
    }

    /// <summary>Reads to the end, or to the bound that stops it.</summary>
    public void Read()
    {
        while (!_cursor.AtEnd && !_diagnostics.Stopped)
        {
            _cursor.SkipBlanks();
            var column = _cursor.Position.Column;
            _values.BeginExpression();
            if (!ReadExpression())
            {
                var atLineStart = _values.TryReturnToLineStart();
                TomlRecovery.Skip(_cursor, _values.OpenBrackets, column, atLineStart);
            }
        }
    }

    private bool ReadExpression()
    {
        var read = _cursor switch
        {
            { AtLineEnd: true } or { Current: '#' } => true,
            { Current: '[' } => ReadHeader(),
            _ => _values.ReadPair(_section),
        };
        return read && ReadLineEnd();
    }

    private bool ReadHeader()
    {
        // Until the header is understood, and for good where it is not, its keys go where they clash with nothing: they can
        // still be wrong in themselves, but not because of a header that is.
        _section = new TomlTable(TomlOrigin.Header, depth: 0, _cursor.Position);
        var isElement = _cursor.Peek(1) == '[';
        _cursor.Advance(isElement ? 2 : 1);
        if (_keys.Read() is not { } path)
            return false;
        var closing = isElement ? "]]" : "]";
        if (!_cursor.TryTake(closing))
            return _diagnostics.Refuse(_cursor.Position, $"the header's {closing} is missing; here is {_cursor.Found}");
        _section = (isElement ? _definitions.OpenElement(path) : _definitions.OpenTable(path)) ?? _section;
        return true;
    }

    private bool ReadLineEnd()
    {
        _cursor.SkipBlanks();
        TomlComments.Skip(_cursor, _diagnostics);
        return _cursor.AtEnd || _cursor.TryTakeNewline()
            || _diagnostics.Refuse(_cursor.Position, $"the line should end here, or go on with a # comment; here is {_cursor.Found}");
    }
}
