using System.Diagnostics.CodeAnalysis;

namespace Meshpulse.Core.Config.Toml;

/// <summary>Keys and their values, in the order in which the file first names them. Names are compared by code point.</summary>
public sealed class TomlTable : TomlValue
{
    private readonly OrderedDictionary<string, TomlEntry> _entries = new(StringComparer.Ordinal);

    internal TomlTable(TomlOrigin origin, int depth, TomlPosition position)
        : base(position)
    {
        Origin = origin;
        Depth = depth;
    }

    /// <summary>The entries in the file's order.</summary>
    public IReadOnlyList<TomlEntry> Entries => _entries.Values;

    /// <inheritdoc />
    public override string Kind => "a table";

    /// <summary>By which way of writing the table was defined; see <see cref="TomlDefinitions"/>.</summary>
    internal TomlOrigin Origin { get; set; }

    /// <summary>How many tables and arrays hold this one.</summary>
    internal int Depth { get; }

    /// <summary>The value of the key <paramref name="name"/>, or null where there is none.</summary>
    public TomlValue? this[string name] => _entries.GetValueOrDefault(name)?.Value;

    /// <summary>Finds the entry of the key <paramref name="name"/>; false where there is none.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out TomlEntry? entry) => _entries.TryGetValue(name, out entry);

    internal void Add(TomlKey key, TomlValue value) => _entries.Add(key.Name, new TomlEntry(key, value));
}
