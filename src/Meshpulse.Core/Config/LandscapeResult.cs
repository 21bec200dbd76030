namespace Meshpulse.Core.Config;

/// <summary>What came of reading a configuration.</summary>
public sealed class LandscapeResult
{
    internal LandscapeResult(Landscape? value, IReadOnlyList<ConfigMessage> errors, IReadOnlyList<ConfigMessage> warnings) =>
        (Value, Errors, Warnings) = (value, errors, warnings);

    /// <summary>The configuration, or null where there is any error: half a configuration is none.</summary>
    public Landscape? Value { get; }

    /// <summary>The mistakes in the order of their places; of more than 200 the rest is counted in a last line.</summary>
    public IReadOnlyList<ConfigMessage> Errors { get; }

    /// <summary>What can be worked with, but was hardly meant; in the order of their places, bounded as the errors are.</summary>
    public IReadOnlyList<ConfigMessage> Warnings { get; }

    /// <summary>The same with another value, which has more than the file itself can tell.</summary>
    /// <exception cref="InvalidOperationException">There is no value: the file is refused.</exception>
    public LandscapeResult With(Landscape value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Value is null ? throw new InvalidOperationException("A refused file has no value.") : new LandscapeResult(value, Errors, Warnings);
    }

    /// <summary>The same with further mistakes, which somebody found who knows more than the file's form; nothing else where there are none.</summary>
    public LandscapeResult With(IReadOnlyList<ConfigMessage> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Count == 0 ? this : new LandscapeResult(null, [.. Errors.Concat(errors).OrderBy(error => error.Position)], Warnings);
    }
}
