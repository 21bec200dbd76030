using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>
/// The numbers that a reflector gave, without their wrapping, and which of them came.
/// <para>
/// The problem: a number lower than the highest is a reply that was overtaken, or the first of a reflector that restarted, and both
/// may be on the wire at once. The obvious way (a fall is a restart) turns every reordering into one. What we do: within one epoch
/// a greater number was given later, by the reflector's own clock (T3). A number that falls while T3 rises is a restart where the
/// request is new too, or where the number was given before or lies further back than anything can be under way. Where the clock of
/// the reflector went back with its count (a rebooted host), the last two decide alone. What is left undecided is a reflector that
/// restarts within the first few numbers and whose clock falls too (found at the first number that collides), and epochs shorter
/// than what is under way at once.
/// </para>
/// <para>
/// Epochs lie 2^40 apart on one line, so that "given earlier" is "less" on it for all of them. The three before the current one are
/// kept for replies that were still under way; they are told by a T3 before the first of the epoch that followed.
/// </para>
/// </summary>
internal sealed class ReflectorCount
{
    private const long EpochStride = 1L << 40;

    private const int Remembered = 4;

    /// <summary>A reflector with several threads can stamp replies in another order than it numbers them, by so much.</summary>
    private static readonly Duration s_stampSlack = Duration.FromMilliseconds(1);

    private readonly Epoch[] _epochs = new Epoch[Remembered];

    /// <summary>A count of which nothing is known.</summary>
    /// <param name="window">How far back numbers are remembered; a power of two, at least 64.</param>
    public ReflectorCount(int window)
    {
        for (var i = 0; i < Remembered; i++)
        {
            _epochs[i] = new Epoch(new ulong[window / 64]);
        }
    }

    /// <summary>How many epochs there were.</summary>
    public int Epochs { get; private set; }

    /// <summary>The epoch of a position on the line.</summary>
    public static long EpochOf(long position) => (position + (EpochStride / 2)) >> 40;

    /// <summary>Places a number and remembers it.</summary>
    /// <param name="number">As it came.</param>
    /// <param name="sequence">The request's number, without wrapping.</param>
    /// <param name="t3">When the reflector gave it.</param>
    /// <param name="isFirst">The request has had no number yet.</param>
    /// <param name="isNew">It was not seen before.</param>
    /// <param name="startsEpoch">The reflector began anew.</param>
    /// <returns>Its place on the line of all epochs.</returns>
    public long Place(SerialNumber number, long sequence, WallTime t3, bool isFirst, out bool isNew, out bool startsEpoch)
    {
        startsEpoch = false;
        if (Epochs == 0)
        {
            return Begin(number, sequence, t3, out isNew);
        }

        ref var epoch = ref EpochBy(number, t3);
        if (epoch.Offset != Current.Offset && epoch.IsNear(sequence) && !(isFirst && epoch.Has(number)))
        {
            return epoch.Add(number, sequence, t3, out isNew);
        }

        if (IsRestart(number, sequence, t3, isFirst))
        {
            startsEpoch = true;
            return Begin(number, sequence, t3, out isNew);
        }

        return Current.Add(number, sequence, t3, out isNew);
    }

    private ref Epoch Current => ref _epochs[(Epochs - 1) % Remembered];

    /// <summary>
    /// Which count a number is of by the reflector's clock: of the latest that had begun, where it fits into that one; else of the
    /// current. The first to come of an epoch need not have been its first: what was given before it has a number below it.
    /// </summary>
    private ref Epoch EpochBy(SerialNumber number, WallTime t3)
    {
        var index = Epochs - 1;
        for (; index > 0 && index > Epochs - Remembered; index--)
        {
            ref readonly var epoch = ref _epochs[index % Remembered];
            if (t3 >= epoch.FirstT3 || (number.IsBefore(epoch.First) && t3 > _epochs[(index - 1) % Remembered].HighestT3))
            {
                break;
            }
        }

        ref var found = ref _epochs[index % Remembered];
        return ref found.Fits(number, t3) ? ref found : ref Current;
    }

    private bool IsRestart(SerialNumber number, long sequence, WallTime t3, bool isFirst)
    {
        var ahead = number.Unwrap(Current.Highest) - Current.Highest;
        if (ahead > 0)
        {
            // More than all that was sent since can use up, even with each packet four times: numbers of another count.
            return ahead > Current.Window + (4 * Math.Max(0, sequence - Current.HighestSequence));
        }

        // A lower number was given earlier, whoever asked for it; and nobody is given a number that somebody has.
        var isLater = t3 > Current.HighestT3;
        var isFar = isLater && t3 - Current.HighestT3 > s_stampSlack;
        var isImpossible = !Current.Covers(number) || (isFirst && Current.Has(number));
        return sequence > Current.HighestSequence ? isLater || isImpossible : isFar || (isLater && isImpossible);
    }

    private long Begin(SerialNumber number, long sequence, WallTime t3, out bool isNew)
    {
        Epochs++;
        Current.Begin(number, sequence, t3, EpochStride * (Epochs - 1));
        isNew = true;
        return Current.Highest + Current.Offset;
    }

    private struct Epoch(ulong[] seen)
    {
        public readonly int Window => seen.Length * 64;

        public long Offset { get; private set; }

        public long Highest { get; private set; }

        public WallTime HighestT3 { get; private set; }

        public long HighestSequence { get; private set; }

        public SerialNumber First { get; private set; }

        public WallTime FirstT3 { get; private set; }

        public long FirstSequence { get; private set; }

        public void Begin(SerialNumber number, long sequence, WallTime t3, long offset)
        {
            Array.Clear(seen);
            Highest = number.Value;
            First = number;
            HighestSequence = FirstSequence = sequence;
            HighestT3 = FirstT3 = t3;
            Offset = offset;
            Mark(Highest);
        }

        public readonly bool Covers(SerialNumber number) => Highest - number.Unwrap(Highest) < Window;

        /// <summary>Greater than the highest and later, or neither.</summary>
        public readonly bool Fits(SerialNumber number, WallTime t3) =>
            Covers(number) && (number.Unwrap(Highest) > Highest) == (t3 > HighestT3);

        /// <summary>The request can have been on its way when the epoch ended.</summary>
        public readonly bool IsNear(long sequence) => sequence - HighestSequence < Window / 4;

        public readonly bool Has(SerialNumber number)
        {
            var value = number.Unwrap(Highest);
            return value <= Highest && Covers(number) && IsMarked(value);
        }

        public long Add(SerialNumber number, long sequence, WallTime t3, out bool isNew)
        {
            var value = number.Unwrap(Highest);
            isNew = value > Highest || !Covers(number) || !IsMarked(value);
            HighestSequence = Math.Max(HighestSequence, sequence);
            if (value > Highest)
            {
                Forget(value);
                Highest = value;
                HighestT3 = t3;
            }

            if (Covers(number))
            {
                Mark(value);
            }

            return value + Offset;
        }

        /// <summary>Makes room in the ring for all numbers up to <paramref name="next"/>.</summary>
        private readonly void Forget(long next)
        {
            if (next - Highest >= Window)
            {
                Array.Clear(seen);
                return;
            }

            for (var value = Highest + 1; value <= next; value++)
            {
                seen[(int)(value & (Window - 1)) >> 6] &= ~(1UL << (int)(value & 63));
            }
        }

        private readonly bool IsMarked(long value) => (seen[(int)(value & (Window - 1)) >> 6] & (1UL << (int)(value & 63))) != 0;

        private readonly void Mark(long value) => seen[(int)(value & (Window - 1)) >> 6] |= 1UL << (int)(value & 63);
    }
}
