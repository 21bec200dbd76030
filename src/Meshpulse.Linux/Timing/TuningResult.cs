using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Timing;

/// <summary>Whether the kernel granted a wish of <see cref="ThreadTuning"/>, and if not, why.</summary>
/// <param name="Error">None where it was granted.</param>
public readonly record struct TuningResult(Errno Error)
{
    /// <summary>True where the wish was granted.</summary>
    public bool Applied => Error == Errno.None;

    /// <summary><c>applied</c>, or <c>not applied: Operation not permitted</c>.</summary>
    public override string ToString() => Applied ? "applied" : $"not applied: {Error.Text()}";
}
