using System.Net;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Agent.Fleet;

/// <summary>How peers are asked for their slices. The times have working defaults; tests narrow them.</summary>
public sealed record FleetReaderOptions
{
    /// <summary>The port at which all are asked: our own.</summary>
    public required int Port { get; init; }

    /// <summary>From which of our addresses; null for whichever the system takes.</summary>
    public IPAddress? From { get; init; }

    /// <summary>Signs what is asked, verifies what is answered; null without a shared key.</summary>
    public ShareKeys? Keys { get; init; }

    /// <summary>What peers want to know; null for nothing.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>Who signs the peers' certificates; null where they are asked by plain HTTP.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>How many are asked at once at most.</summary>
    public int MaxAsked { get; init; } = 50;

    /// <summary>How many of those may be suspects, where not all are asked.</summary>
    public int MaxSuspects { get; init; } = 30;

    /// <summary>How many of its last slices a peer is asked for at most: ten seconds of them are more than any rule looks back.</summary>
    public int MaxSlices { get; init; } = 40;

    /// <summary>The same where not all are asked, and each turn of the sample begins with others: what pairs are judged by, four seconds.</summary>
    public int MaxSampledSlices { get; init; } = 16;

    /// <summary>How long a peer may let us wait for its next slice.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much longer an answer may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>From one request to the next of the same peer at least.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>After a failure, doubled with each further one up to <see cref="LongestRetry"/>.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest time to the next try of a peer that has answered before.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After which a peer is asked again that has no such page: an original, an older node.</summary>
    public TimeSpan AbsentRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the sample turns, where not all are asked.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest answer.</summary>
    public int MaxBytes { get; init; } = SliceBatch.MaxBytes;
}
