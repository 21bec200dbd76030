namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse check</c> was asked for, every value checked. The defaults are those of a line with a file alone.</summary>
public sealed record CheckArguments
{
    /// <summary>The configuration's path; not empty.</summary>
    public required string File { get; init; }

    /// <summary>Which server of the file this host is; null for the one that has this host's name.</summary>
    public string? Name { get; init; }

    /// <summary>In which form the reports are written.</summary>
    public CheckOutput Output { get; init; }

    /// <summary>No reports; notes all the same. Never with <see cref="CheckOutput.Watch"/>.</summary>
    public bool Quiet { get; init; }

    /// <summary>Notes of details too.</summary>
    public bool Debug { get; init; }

    /// <summary>Ask for real-time scheduling and locked memory.</summary>
    public bool Realtime { get; init; }

    /// <summary>STAMP checks by the runtime's sockets, without the kernel's stamps.</summary>
    public bool Portable { get; init; }

    /// <summary>Answer STAMP beside the reflector of the UDP pings.</summary>
    public bool Stamp { get; init; } = true;

    /// <summary>Serve all metrics of STAMP paths, and not only those that are looked at every day.</summary>
    public bool FullMetrics { get; init; }

    /// <summary>The folder or file of the history; null for where a service manager says, if one does.</summary>
    public string? History { get; init; }

    /// <summary>Keep none, whatever a service manager says.</summary>
    public bool NoHistory { get; init; }

    /// <summary>The most bytes that the history takes; null where that was not given.</summary>
    public long? HistorySize { get; init; }

    /// <summary>Where the metrics are served; null where they are not.</summary>
    public MetricsBind? Metrics { get; init; } = MetricsBind.Default;

    /// <summary>True where <see cref="Metrics"/> was given; where it is the default, the checks go on without it if it is taken.</summary>
    public bool MetricsGiven { get; init; }

    /// <summary>The node of the mesh that this host is to be as well, with the options that both share; null without <c>--mesh</c>.</summary>
    public MeshArguments? Mesh { get; init; }

    /// <summary>True where <see cref="MeshArguments.Bind"/> was given; where it is the default, the server's own address may be meant instead.</summary>
    public bool MeshBindGiven { get; init; }
}
