using Meshpulse.Core.Time;

namespace Meshpulse.Core.Config;

/// <summary>One server probing another in one way: what a check comes to for a pair.</summary>
public sealed class ProbeDefinition
{
    private readonly CheckDefinition _check;

    internal ProbeDefinition(ServerDefinition from, ServerDefinition to, CheckDefinition check)
    {
        (From, To, _check) = (from, to, check);
        Target = check is { Kind: CheckKind.Tcp, Port: { } port } ? to.Address.WithPort(port) : to.Address;
        Url = check.HttpUrl is { } url ? UrlText.Expand(PlaceholderTemplate.Parse(url), from, to) : null;
    }

    /// <summary>How it probes.</summary>
    public CheckKind Kind => _check.Kind;

    /// <summary>The server that probes.</summary>
    public ServerDefinition From { get; }

    /// <summary>The server that is probed; the same as <see cref="From"/> where a server probes itself.</summary>
    public ServerDefinition To { get; }

    /// <summary>Where the probes go; HTTP goes where <see cref="Url"/> says.</summary>
    public ServerAddress Target { get; }

    /// <summary>The URL to fetch, placeholders filled in; null for kinds other than HTTP.</summary>
    public string? Url { get; }

    /// <inheritdoc cref="CheckDefinition.Interval" />
    public Duration Interval => _check.Interval;

    /// <inheritdoc cref="CheckDefinition.Timeout" />
    public Duration Timeout => _check.Timeout;

    /// <inheritdoc cref="CheckDefinition.Payload" />
    public int Payload => _check.Payload;

    /// <inheritdoc cref="CheckDefinition.Dscp" />
    public int Dscp => _check.Dscp;

    /// <summary>Which probe it is.</summary>
    public ProbeKey Key => new(Kind, From.Name, To.Name, Url, Kind == CheckKind.Tcp ? Target.Port : 0);

    /// <summary>
    /// True where both send the same packets to the same place at the same pace. Datacenters and extra values may differ: they
    /// concern who reads the figures.
    /// </summary>
    public bool HasSettingsOf(ProbeDefinition other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Key == other.Key
            && (Interval, Timeout, Payload, Dscp) == (other.Interval, other.Timeout, other.Payload, other.Dscp)
            && (Kind == CheckKind.Http || Target.Equals(other.Target));
    }

    /// <summary><c>udp_ping local -> fail</c>.</summary>
    public override string ToString() => $"{CheckKinds.NameOf(Kind)} {From} -> {To}";
}
