using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>A channel that flows use, whether the network has a socket for it or not. Belongs to a <see cref="PathDirectory"/>.</summary>
internal sealed class HeldChannel(int number, PathChannel channel)
{
    public int Number { get; } = number;

    public PathChannel Channel { get; } = channel;

    /// <summary>How many flows go by it.</summary>
    public int Users { get; set; }

    /// <summary>What came of opening it; what its probes come to, where that failed.</summary>
    public ProbeSend Opened { get; set; }

    public bool IsOpen => Opened.Outcome == ProbeSendOutcome.Sent;

    /// <summary>The UDP port that its packets come from; 0 while it is not open.</summary>
    public int SourcePort { get; set; }

    /// <summary>Where it is not open: when it is tried again.</summary>
    public MonoTime NextTry { get; set; }
}
