namespace Meshpulse.Bench;

/// <summary>A table for people: the first column to the left, the others to the right.</summary>
internal sealed class Table(string title, params string[] heads)
{
    private readonly List<string[]> _rows = [heads];

    public void Row(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        var widths = Enumerable.Range(0, heads.Length).Select(c => _rows.Max(r => r[c].Length)).ToArray();
        Console.WriteLine();
        Console.WriteLine(title);
        foreach (var row in _rows)
        {
            Console.WriteLine("  " + string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))));
        }
    }
}
