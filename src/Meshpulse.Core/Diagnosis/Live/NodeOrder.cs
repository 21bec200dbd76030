namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>The order of nodes as people expect it: numbers within names by their size, so that 10.0.0.9 comes before 10.0.0.10.</summary>
public sealed class NodeOrder : IComparer<string>
{
    private NodeOrder()
    {
    }

    /// <summary>The only one.</summary>
    public static NodeOrder Instance { get; } = new();

    /// <inheritdoc />
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var (i, j) = (0, 0);
        while (i < x.Length && j < y.Length)
        {
            var a = NumberAt(x, i);
            var b = NumberAt(y, j);
            var order = a.Length > 0 && b.Length > 0 ? CompareNumbers(a, b) : x[i].CompareTo(y[j]);
            if (order != 0)
            {
                return order;
            }

            (i, j) = (i + Math.Max(1, a.Length), j + Math.Max(1, b.Length));
        }

        var left = (x.Length - i).CompareTo(y.Length - j);
        // 1 and 01 are one number and two names.
        return left != 0 ? left : string.CompareOrdinal(x, y);
    }

    private static ReadOnlySpan<char> NumberAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return text.AsSpan(start, end - start);
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.CompareTo(b, StringComparison.Ordinal);
    }
}
