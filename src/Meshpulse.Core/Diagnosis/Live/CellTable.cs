namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>Cells of one row, figure by figure: a byte for each node. Mutable while it is filled, and nobody's to change afterwards.</summary>
public sealed class CellTable
{
    /// <summary>Nothing is known.</summary>
    /// <param name="count">How many cells.</param>
    public CellTable(int count)
    {
        (Loss, P50, P99, Ratio, State) = (new byte[count], new byte[count], new byte[count], new byte[count], new byte[count]);
        foreach (var figures in (ReadOnlySpan<byte[]>)[Loss, P50, P99, Ratio])
        {
            figures.AsSpan().Fill(CellCodes.NoData);
        }

        State.AsSpan().Fill((byte)CellState.NoData);
    }

    /// <summary>Takes what somebody told.</summary>
    /// <exception cref="ArgumentException">They are not of one length.</exception>
    public CellTable(byte[] loss, byte[] p50, byte[] p99, byte[] ratio, byte[] state)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(p50);
        ArgumentNullException.ThrowIfNull(p99);
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(state);
        if (p50.Length != loss.Length || p99.Length != loss.Length || ratio.Length != loss.Length || state.Length != loss.Length)
        {
            throw new ArgumentException("The figures are of different lengths.", nameof(state));
        }

        (Loss, P50, P99, Ratio, State) = (loss, p50, p99, ratio, state);
    }

    /// <summary>Shares that were lost.</summary>
    public byte[] Loss { get; }

    /// <summary>Middle delays.</summary>
    public byte[] P50 { get; }

    /// <summary>Delays that one packet of a hundred exceeded.</summary>
    public byte[] P99 { get; }

    /// <summary>Middle delays against the usual ones.</summary>
    public byte[] Ratio { get; }

    /// <summary>How each is: a <see cref="CellState"/>.</summary>
    public byte[] State { get; }

    /// <summary>How many cells.</summary>
    public int Count => State.Length;

    /// <summary>One of them. A state that nobody knows counts as no data.</summary>
    public MatrixCell this[int index]
    {
        get => new(Loss[index], P50[index], P99[index], Ratio[index], State[index] <= (byte)CellState.Verdict ? (CellState)State[index] : CellState.NoData);
        set => (Loss[index], P50[index], P99[index], Ratio[index], State[index]) = (value.Loss, value.P50, value.P99, value.Ratio, (byte)value.State);
    }

    /// <summary>Whether all are the same.</summary>
    public bool IsSame(CellTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return State.AsSpan().SequenceEqual(other.State) && Loss.AsSpan().SequenceEqual(other.Loss) && P50.AsSpan().SequenceEqual(other.P50)
            && P99.AsSpan().SequenceEqual(other.P99) && Ratio.AsSpan().SequenceEqual(other.Ratio);
    }

    /// <summary>The same cells in another order.</summary>
    /// <param name="places">For each of the new ones which of these it is; -1 for none.</param>
    public CellTable Ordered(ReadOnlySpan<int> places)
    {
        var ordered = new CellTable(places.Length);
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] is >= 0 and var place && place < Count)
            {
                ordered[i] = this[place];
            }
        }

        return ordered;
    }
}
