using Meshpulse.Core.Statistics;

namespace Meshpulse.Lab.Switching;

/// <summary>
/// Which of the frames that fit a <see cref="Fault"/> something happens to. Frames are numbered from 0 as they come; a choice depends on the
/// number, the seed and the frame alone, so that the same traffic meets the same fate in every run.
/// </summary>
internal sealed class Pick
{
    private readonly Func<long, FrameView, bool> _chooses;

    private Pick(Func<long, FrameView, bool> chooses) => _chooses = chooses;

    /// <summary>No frame.</summary>
    public static Pick None { get; } = new((_, _) => false);

    /// <summary>Every frame.</summary>
    public static Pick All { get; } = new((_, _) => true);

    /// <summary>The k-th of every k: numbers k - 1, 2k - 1 and so on.</summary>
    public static Pick Every(int k) => new((number, _) => number % k == k - 1);

    /// <summary>The first so many.</summary>
    public static Pick First(long count) => new((number, _) => number < count);

    /// <summary>These numbers.</summary>
    public static Pick Numbers(params IEnumerable<long> numbers)
    {
        var chosen = numbers.ToHashSet();
        return new((number, _) => chosen.Contains(number));
    }

    /// <summary>Each with a probability, independent of the others.</summary>
    /// <param name="probability">0 to 1.</param>
    /// <param name="seed">Two choices with one seed choose alike.</param>
    public static Pick Chance(double probability, ulong seed) => new((number, _) => Draw(seed, number) < probability);

    /// <summary>Packets longer than this, without Ethernet's header.</summary>
    public static Pick LongerThan(int bytes) => new((_, frame) => frame.PacketLength > bytes);

    /// <summary>Frames that fit. Called on the switch's thread, for each frame once and in their order.</summary>
    public static Pick Where(Func<FrameView, bool> test) => new((_, frame) => test(frame));

    /// <summary>A number from 0 to just under 1 for a frame.</summary>
    public static double Draw(ulong seed, long number) => new SplitMix64(seed + ((ulong)number * 0x9E3779B97F4A7C15UL)).NextDouble();

    /// <summary>The same, among the frames from one number to just before another only.</summary>
    public Pick Between(long from, long to) => new((number, frame) => number >= from && number < to && _chooses(number, frame));

    /// <summary>What either chooses.</summary>
    public Pick Or(Pick other) => new((number, frame) => _chooses(number, frame) | other._chooses(number, frame));

    /// <summary>Whether a frame is chosen.</summary>
    public bool Chooses(long number, FrameView frame) => _chooses(number, frame);
}
