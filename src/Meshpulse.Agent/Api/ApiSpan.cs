using Meshpulse.Agent.Api.Json;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>A span of time and its steps, at most <see cref="ApiJson.MaxPoints"/> of them.</summary>
/// <param name="Start">When it begins: a whole step.</param>
/// <param name="End">When it ends.</param>
/// <param name="StepMs">How long a step is.</param>
internal readonly record struct ApiSpan(WallTime Start, WallTime End, long StepMs)
{
    private static readonly Duration s_usual = Duration.FromSeconds(600);
    private static readonly long[] s_steps =
        [250, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000];

    /// <summary>How many steps.</summary>
    public int Points => (int)Math.Clamp((Ms(End) - Ms(Start) + StepMs - 1) / StepMs, 1, ApiJson.MaxPoints);

    /// <summary>The span that a request asks for: without one, the last ten minutes; with no step, or one too short for it, some hundred points.</summary>
    public static ApiSpan Of(ApiQuery query, WallTime now)
    {
        var end = query.End ?? now;
        var start = query.Start ?? end - s_usual;
        start = start < end ? start : end - Duration.FromSeconds(1);
        var length = Ms(end) - Ms(start);
        // A step of slack for the ends, which need not be whole ones.
        var least = query.StepMs is { } wanted ? Math.Max(wanted, length / (ApiJson.MaxPoints - 2)) : length / 600;
        var step = s_steps.FirstOrDefault(s => s >= least, (least + 86_399_999) / 86_400_000 * 86_400_000);
        return new ApiSpan(new WallTime(Ms(start) / step * step * 1_000_000), end, step);
    }

    /// <summary>In ms since 1970.</summary>
    public static long Ms(WallTime time) => time.Nanoseconds / 1_000_000;
}
