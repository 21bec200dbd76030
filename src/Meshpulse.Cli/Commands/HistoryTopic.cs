namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse history</c> shows.</summary>
public enum HistoryTopic
{
    /// <summary>What there is.</summary>
    Contents,

    /// <summary>The windows of the paths to a peer.</summary>
    Windows,

    /// <summary>The host's vitals.</summary>
    Vitals,

    /// <summary>What happened.</summary>
    Events,

    /// <summary>What was judged.</summary>
    Verdicts,
}
