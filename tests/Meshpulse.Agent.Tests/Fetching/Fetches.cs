using System.Net;
using Meshpulse.Agent.Fetching;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Fetching;

/// <summary>Fetches as most tests want them.</summary>
internal static class Fetches
{
    /// <summary>A timeout that is not meant to come.</summary>
    public static readonly Duration Patient = Duration.FromSeconds(50);

    public static HttpFetcher Fetcher(FetchSurroundings? surroundings = null) => new("1.2.3", surroundings ?? new FetchSurroundings());

    /// <summary>Surroundings in which every name has these addresses.</summary>
    public static FetchSurroundings Knowing(params IPAddress[] addresses) => new() { ResolveAsync = (_, _) => Task.FromResult(addresses) };

    public static async Task<HttpFigures> FetchAsync(Uri url, FetchSurroundings? surroundings = null, Duration? timeout = null, int dscp = 0)
    {
        using var fetcher = Fetcher(surroundings);
        var figures = await fetcher.FetchAsync(url, timeout ?? Patient, dscp, CancellationToken.None).WaitAsync(HostileServer.Hang);
        if (figures.Failure is { } failure)
        {
            Assert.InRange(failure.Length, 1, 200);
            Assert.All(failure, c => Assert.InRange(c, ' ', '~'));
        }

        foreach (var phase in new[] { figures.Resolve, figures.Connect, figures.Tls, figures.FirstByte, figures.Total })
        {
            Assert.True(phase is not { Nanoseconds: < 0 } and not { Nanoseconds: > 60_000_000_000 }, $"{phase}");
        }

        if (figures.Total is { } total)
        {
            Assert.True(Sum(figures) <= total, figures.ToString());
        }

        return figures;
    }

    private static Duration Sum(HttpFigures figures) =>
        figures.Resolve.GetValueOrDefault() + figures.Connect.GetValueOrDefault() + figures.Tls.GetValueOrDefault() + figures.FirstByte.GetValueOrDefault();
}
