namespace Meshpulse.Core.Config.Toml;

/// <summary>A value that holds no other values.</summary>
/// <typeparam name="T">What it is for the program.</typeparam>
public abstract class TomlScalar<T> : TomlValue
{
    private protected TomlScalar(T value, TomlPosition position)
        : base(position) => Value = value;

    /// <summary>The value itself.</summary>
    public T Value { get; }

    /// <inheritdoc />
    public override string ToString() => $"{Value}";
}
