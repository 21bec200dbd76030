namespace Meshpulse.Core.Config.Toml;

/// <summary>
/// What a document may cost at most. The bounds keep a hostile or broken file from taking the memory or the stack; no
/// honest configuration comes near the defaults. Every bound that is crossed is reported as an error with its place.
/// </summary>
public sealed record TomlLimits
{
    /// <summary>The deepest nesting that <see cref="MaxDepth"/> may be set to: readers walk the tree by recursion.</summary>
    public const int DeepestDepth = 1_000;

    /// <summary>The bounds that hold where the caller names none.</summary>
    public static TomlLimits Default { get; } = new();

    /// <summary>The longest document in bytes, 4 MiB by default; a longer one is refused unread.</summary>
    public int MaxBytes { get; init => field = Positive(value); } = 4 * 1024 * 1024;

    /// <summary>
    /// How deep tables and arrays may nest, 128 by default, 1 to <see cref="DeepestDepth"/>. The root is at depth 0; each part of a
    /// header or of a dotted key, each array and each inline table goes one deeper.
    /// </summary>
    public int MaxDepth
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, DeepestDepth);
            field = Positive(value);
        }
    } = 128;

    /// <summary>How many values a document may hold, 250 000 by default: every key, table and array element is one.</summary>
    public int MaxValues { get; init => field = Positive(value); } = 250_000;

    /// <summary>How many mistakes are reported before reading stops, 100 by default.</summary>
    public int MaxErrors { get; init => field = Positive(value); } = 100;

    private static int Positive(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
