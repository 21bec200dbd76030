using System.Net.Sockets;
using Meshpulse.Agent.Sounding;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse probe</c> was asked for, every value checked.</summary>
public sealed record ProbeArguments
{
    /// <summary>Who is asked, with the protocol's port where none was given.</summary>
    public required HostPort Target { get; init; }

    /// <summary>With which packets.</summary>
    public SoundingProtocol Protocol { get; init; }

    /// <summary>Packets over all flows; null until a signal.</summary>
    public long? Count { get; init; }

    /// <summary>Between packets over all flows.</summary>
    public Duration Interval { get; init; }

    /// <summary>UDP payload in bytes; 0 for the protocol's own.</summary>
    public int Size { get; init; }

    /// <summary>After which a packet is lost.</summary>
    public Duration Timeout { get; init; }

    /// <summary>Source ports that take turns.</summary>
    public int Flows { get; init; }

    /// <summary>The file of keys; null without authentication.</summary>
    public string? KeyFile { get; init; }

    /// <summary>STAMP's optional TLVs that are asked for.</summary>
    public StampTlvSet Tlvs { get; init; }

    /// <summary>The code point of the requests and, where the protocol can ask for it, of the replies; 0 to 63.</summary>
    public int Dscp { get; init; }

    /// <summary>The only family in which a name is looked up, InterNetwork or InterNetworkV6; null for both.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>By the runtime's sockets instead of the kernel's.</summary>
    public bool Portable { get; init; }

    /// <summary>One JSON object instead of text.</summary>
    public bool Json { get; init; }
}
