namespace Meshpulse.Core.Config.Toml;

/// <summary>Values in order, of the same kind or of several.</summary>
public sealed class TomlArray : TomlValue
{
    private readonly List<TomlValue> _items = [];

    internal TomlArray(bool isTableArray, TomlPosition position)
        : base(position) => IsTableArray = isTableArray;

    /// <summary>The elements in the file's order.</summary>
    public IReadOnlyList<TomlValue> Items => _items;

    /// <summary>True where <c>[[headers]]</c> made the array; such an array holds only tables, and at least one.</summary>
    public bool IsTableArray { get; }

    /// <inheritdoc />
    public override string Kind => IsTableArray ? "an array of tables" : "an array";

    internal void Add(TomlValue item) => _items.Add(item);
}
