using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis;

/// <summary>Takes what nodes saw and says who is to blame.</summary>
public sealed class Diagnostician
{
    /// <summary>Knows nothing yet.</summary>
    /// <param name="self">The name of the node that it judges for; slices of that node come without delay.</param>
    public Diagnostician(string self) => Self = self;

    /// <summary>For whom it judges.</summary>
    public string Self { get; }

    /// <summary>Those in force and those that ended within the last hour, the newest last; at most 1,000.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; private set; } = [];

    /// <summary>Takes a slice, its own or a peer's. Any order, any gaps; repetitions are ignored.</summary>
    /// <param name="slice">What a node saw.</param>
    /// <param name="received">When it came, by our monotonic clock.</param>
    public void Take(NodeSlice slice, MonoTime received)
    {
    }

    /// <summary>A node was asked for its slices and did not answer.</summary>
    public void NoteUnreachable(string node, MonoTime at)
    {
    }

    /// <summary>Judges; to be called each 100 to 250 ms.</summary>
    /// <returns>What began, changed or ended since the last time.</returns>
    public IReadOnlyList<VerdictChange> Judge(ClockPairing now) => [];
}
