namespace Meshpulse.Core.Config.Toml;

/// <summary>
/// Collects the mistakes and keeps the bounds. Reading goes on after a mistake until <see cref="Stopped"/> says that a bound
/// is reached; from then on nothing more is reported.
/// </summary>
internal sealed class TomlDiagnostics(TomlLimits limits)
{
    private readonly List<TomlError> _errors = [];
    private int _values;

    /// <summary>True where reading further is of no use.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Reports a mistake. Always false, for callers that then give up.</summary>
    public bool Refuse(TomlPosition at, string message)
    {
        if (Stopped)
            return false;
        _errors.Add(new TomlError(at, message));
        return _errors.Count >= limits.MaxErrors && Stop(at, $"reading stopped here, after {limits.MaxErrors} errors");
    }

    /// <summary>Counts one more value; false where the document holds too many.</summary>
    public bool AllowValue(TomlPosition at) =>
        ++_values <= limits.MaxValues || Stop(at, $"the file holds more than {limits.MaxValues} values");

    /// <summary>
    /// False where a container would lie too deep. Only the one place is lost, so reading goes on: what nests so deep by
    /// mistake may be followed by sound lines.
    /// </summary>
    public bool AllowDepth(int depth, TomlPosition at) =>
        depth <= limits.MaxDepth || Refuse(at, $"tables and arrays nest more than {limits.MaxDepth} deep here");

    /// <summary>
    /// The mistakes in the order of their places, each once: a string that is never closed is noticed last, but begins first; and
    /// a line may be read a second time behind an array that was not closed.
    /// </summary>
    public IReadOnlyList<TomlError> InOrder() => [.. _errors.Distinct().OrderBy(error => error.Position)];

    /// <summary>A piece of the file for a message: short, in quotes, and without characters that would disturb a terminal.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        const int Longest = 40;
        var shown = text.Length > Longest ? $"{text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)]}..." : text.ToString();
        return $"'{string.Concat(shown.EnumerateRunes().Select(Printable))}'";
    }

    private static string Printable(System.Text.Rune rune) =>
        System.Text.Rune.IsControl(rune) || rune.Value is 0xFEFF or (>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069)
            ? $"<U+{rune.Value:X4}>"
            : rune.ToString();

    private bool Stop(TomlPosition at, string message)
    {
        if (!Stopped)
            _errors.Add(new TomlError(at, message));
        Stopped = true;
        return false;
    }
}
