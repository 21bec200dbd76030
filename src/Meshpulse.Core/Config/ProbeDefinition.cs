using System.Collections.Immutable;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Config;

/// <summary>One server probing another in one way: what a check comes to for a pair.</summary>
public sealed class ProbeDefinition
{
    private readonly CheckDefinition _check;

    internal ProbeDefinition(ServerDefinition from, ServerDefinition to, CheckDefinition check, StampKeyRing? keys = null)
    {
        (From, To, _check, Keys) = (from, to, check, keys);
        Target = CheckKinds.HasPort(check.Kind) && check.Port is { } port ? to.Address.WithPort(port) : to.Address;
        Url = check.HttpUrl is { } url ? UrlText.Expand(PlaceholderTemplate.Parse(url), from, to) : null;
    }

    /// <summary>How it probes.</summary>
    public CheckKind Kind => _check.Kind;

    /// <summary>The server that probes.</summary>
    public ServerDefinition From { get; }

    /// <summary>The server that is probed; the same as <see cref="From"/> where a server probes itself.</summary>
    public ServerDefinition To { get; }

    /// <summary>Where the probes go; HTTP goes where <see cref="Url"/> says, STAMP never to the port of the server's <c>ip</c>.</summary>
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

    /// <summary>How many flows of STAMP take turns, 1 to 64; 0 for the other kinds.</summary>
    public int Flows => _check.Stamp?.Flows ?? 0;

    /// <inheritdoc cref="StampCheckSettings.DscpSweep" />
    public ImmutableArray<int> DscpSweep => _check.Stamp?.DscpSweep ?? [];

    /// <inheritdoc cref="StampCheckSettings.MtuProbe" />
    public int? MtuProbe => _check.Stamp?.MtuProbe;

    /// <inheritdoc cref="StampCheckSettings.KeyFile" />
    public string? KeyFile => _check.Stamp?.KeyFile;

    /// <summary>What <see cref="KeyFile"/> holds; null without one, and as long as nobody has read it (<see cref="Landscape.WithKeys"/>).</summary>
    public StampKeyRing? Keys { get; }

    /// <summary>Which probe it is.</summary>
    public ProbeKey Key => new(Kind, From.Name, To.Name, Url, CheckKinds.HasPort(Kind) ? Target.Port : 0);

    /// <summary>
    /// True where both send the same packets, signed with the same keys, to the same place at the same pace. Datacenters and extra values may
    /// differ: they concern who reads the figures.
    /// </summary>
    public bool HasSettingsOf(ProbeDefinition other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Key == other.Key
            && _check.HasSettingsOf(other._check)
            && Equals(Keys, other.Keys)
            && (Kind == CheckKind.Http || Target.Equals(other.Target));
    }

    /// <summary><c>udp_ping local -> fail</c>.</summary>
    public override string ToString() => $"{CheckKinds.NameOf(Kind)} {From} -> {To}";
}
