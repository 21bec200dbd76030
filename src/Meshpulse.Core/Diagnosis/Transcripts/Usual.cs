namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What a figure mostly is: the median of the last dozen.</summary>
internal sealed class Usual
{
    private const int Most = 12;
    private const int Fewest = 3;

    // What is out of the ordinary for so many in a row is the ordinary.
    private const int Patience = 120;

    private readonly Queue<double> _last = new();
    private int _odd;

    /// <summary>The median; null before there are three.</summary>
    public double? Value { get; private set; }

    /// <summary>Takes the next one in.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="isOdd">It is told as trouble: what is usual does not follow it, unless it stays so.</param>
    public void Take(double value, bool isOdd)
    {
        _odd = isOdd ? _odd + 1 : 0;
        if (isOdd && _odd <= Patience)
        {
            return;
        }

        _last.Enqueue(value);
        if (_last.Count > Most)
        {
            _ = _last.Dequeue();
        }

        Value = _last.Count < Fewest ? null : _last.Order().ElementAt(_last.Count / 2);
    }
}
