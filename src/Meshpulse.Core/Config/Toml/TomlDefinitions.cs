namespace Meshpulse.Core.Config.Toml;

/// <summary>
/// Which line may define or extend which table.
/// </summary>
/// <remarks>
/// <para>
/// The problem. TOML lets one table be written in five ways: a header <c>[a]</c>, an element <c>[[a]]</c>, braces
/// <c>a = { }</c>, a dotted key <c>a.b = 1</c>, and by the way, as the <c>a</c> of <c>[a.b]</c>. Lines far apart name the same
/// table, in any order, and yet each table must be defined at one place only. The obvious reading, "a name that exists already
/// is an error", refuses <c>[a.b]</c> followed by <c>[a]</c>, which is sound; the next one, "tables may be merged, values may
/// not", accepts <c>[a]</c> twice and lets a line at the file's end slip a key into an inline table at its top.
/// </para>
/// <para>
/// What we do. Every table remembers how it came to be (<see cref="TomlOrigin"/>), and that alone answers every question. There
/// are two ways of walking a path and two of ending it:
/// </para>
/// <list type="bullet">
/// <item>The parts of a <b>header</b> before its last may pass through any table but an inline one, and through an array of
/// tables into its newest element. A missing part becomes a super table.</item>
/// <item>The last part of <c>[a.b]</c> must be new or a super table, which thereby becomes a table with a header: the step that
/// can be done once. That of <c>[[a.b]]</c> must be new or an array of tables.</item>
/// <item>The parts of a <b>dotted key</b> before its last may pass only through super tables and through tables that dotted keys
/// made. A missing part, and a super table passed, becomes a table of dotted keys, so that no header can claim it later.</item>
/// <item>The last part of a key must be new.</item>
/// </list>
/// <para>
/// Why no more is needed. The specification says that a table of dotted keys may be extended only under the header where it
/// began. No section is remembered for this: a walk from another section would have to pass that section's own table, and
/// that has a header, which stops it. Likewise nothing marks what lies <em>inside</em> an inline table as closed, although it
/// may be full of tables of dotted keys: a walk from outside passes the braces first and is stopped there, while the braces' own
/// keys start within.
/// </para>
/// <para>
/// One case is open in the specification: after <c>[a.b.c]</c>, may <c>[a]</c> go on with <c>b.d = 1</c>? The super table <c>b</c> was
/// never defined, so we allow it, as the widespread parsers do.
/// </para>
/// </remarks>
internal sealed class TomlDefinitions(TomlPosition start, TomlDiagnostics diagnostics)
{
    /// <summary>The document's root table.</summary>
    public TomlTable Root { get; } = new(TomlOrigin.Header, depth: 0, start);

    /// <summary>Defines the table of the header <c>[path]</c>; null, once reported, where it cannot be.</summary>
    public TomlTable? OpenTable(List<TomlKey> path)
    {
        var last = path[^1];
        if (WalkHeader(path) is not { } parent)
            return null;
        if (!parent.TryGet(last.Name, out var entry))
            return AddTable(parent, last, TomlOrigin.Header);
        if (entry.Value is TomlTable { Origin: TomlOrigin.SuperTable } table)
        {
            table.Origin = TomlOrigin.Header;
            table.Position = last.Position;
            return table;
        }

        diagnostics.Refuse(last.Position, entry.Value is TomlTable { Origin: TomlOrigin.Header }
            ? $"the table {Name(last)} is given twice: its header stands at line {entry.Value.Position.Line} already"
            : $"{Describe(entry)} already, so no header can define it");
        return null;
    }

    /// <summary>Adds a table to the array of the header <c>[[path]]</c>; null, once reported, where that cannot be.</summary>
    public TomlTable? OpenElement(List<TomlKey> path)
    {
        var last = path[^1];
        if (WalkHeader(path) is not { } parent)
            return null;
        if (!parent.TryGet(last.Name, out var entry))
        {
            // Bounds first: an array that a header made is never empty.
            if (!diagnostics.AllowDepth(parent.Depth + 2, last.Position) || !diagnostics.AllowValue(last.Position))
                return null;
            var array = new TomlArray(isTableArray: true, last.Position);
            parent.Add(last, array);
            return AddElement(array, parent, last);
        }

        if (entry.Value is TomlArray { IsTableArray: true } known)
            return AddElement(known, parent, last);
        diagnostics.Refuse(last.Position, $"{Describe(entry)} already, so [[...]] cannot add to it");
        return null;
    }

    /// <summary>Finds the table that a key's last part belongs into; null, once reported, where the way there is barred.</summary>
    public TomlTable? WalkKey(TomlTable from, List<TomlKey> path)
    {
        var table = from;
        for (var i = 0; i < path.Count - 1 && table is not null; i++)
        {
            if (!table.TryGet(path[i].Name, out var entry))
                table = AddTable(table, path[i], TomlOrigin.DottedKey);
            else if (entry.Value is TomlTable { Origin: TomlOrigin.SuperTable or TomlOrigin.DottedKey } passed)
                (table, passed.Origin) = (passed, TomlOrigin.DottedKey);
            else
                table = Bar(path[i], path[i + 1], entry);
        }

        return table;
    }

    /// <summary>Says so where the key's last part is taken; otherwise counts its value. False where the key must not be added.</summary>
    public bool AllowKey(TomlTable table, TomlKey key)
    {
        if (!table.TryGet(key.Name, out var entry))
            return diagnostics.AllowValue(key.Position);
        return diagnostics.Refuse(key.Position, entry.Value is TomlTable { Origin: not TomlOrigin.Inline } or TomlArray { IsTableArray: true }
            ? $"{Describe(entry)} already, so it cannot be given a value"
            : $"a key is given twice: {Name(key)} stands at line {entry.Key.Position.Line} already");
    }

    private TomlTable? WalkHeader(List<TomlKey> path)
    {
        var table = Root;
        for (var i = 0; i < path.Count - 1 && table is not null; i++)
        {
            if (!table.TryGet(path[i].Name, out var entry))
                table = AddTable(table, path[i], TomlOrigin.SuperTable);
            else
                table = Newest(entry.Value) ?? Bar(path[i], path[i + 1], entry);
        }

        return table;
    }

    private static TomlTable? Newest(TomlValue value) => value switch
    {
        TomlTable { Origin: not TomlOrigin.Inline } table => table,
        TomlArray { IsTableArray: true, Items: [.., TomlTable element] } => element,
        _ => null,
    };

    private TomlTable? AddTable(TomlTable parent, TomlKey key, TomlOrigin origin)
    {
        if (!diagnostics.AllowDepth(parent.Depth + 1, key.Position) || !diagnostics.AllowValue(key.Position))
            return null;
        var table = new TomlTable(origin, parent.Depth + 1, key.Position);
        parent.Add(key, table);
        return table;
    }

    private TomlTable? AddElement(TomlArray array, TomlTable parent, TomlKey key)
    {
        if (!diagnostics.AllowValue(key.Position))
            return null;
        var element = new TomlTable(TomlOrigin.Header, parent.Depth + 2, key.Position);
        array.Add(element);
        return element;
    }

    private TomlTable? Bar(TomlKey key, TomlKey next, TomlEntry entry)
    {
        var advice = entry.Value switch
        {
            TomlTable { Origin: TomlOrigin.Inline } => "its braces closed it: write the key between them",
            TomlTable => "write the key under its header",
            TomlArray { IsTableArray: true } => "write the key under the header of the element that is meant",
            _ => $"it cannot hold {Name(next)}",
        };
        diagnostics.Refuse(key.Position, $"{Describe(entry)} already; {advice}");
        return null;
    }

    private static string Name(TomlKey key) => TomlDiagnostics.Quote(key.Name);

    private static string Describe(TomlEntry entry)
    {
        var kind = entry.Value is TomlTable { Origin: TomlOrigin.Inline } ? "an inline table" : entry.Value.Kind;
        return $"{Name(entry.Key)} is {kind} since line {entry.Value.Position.Line}";
    }
}
