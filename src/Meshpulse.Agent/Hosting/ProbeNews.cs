using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// What is worth a line about single probes: that this host can't send, that the other side refuses, that either is over. Told once,
/// not forty times a second, and a pair that flaps not more often than every ten seconds. At most one line a round: where a
/// thousand targets go at once, the lines come one after the other, each as true as when it is told.
/// </summary>
internal sealed class ProbeNews
{
    private static readonly Duration s_pause = Duration.FromSeconds(10);
    private static readonly Duration s_detailPause = Duration.FromSeconds(1);

    private readonly MonoTime[] _nextStray = new MonoTime[(int)StrayKind.Malformed + 1];
    private bool _told;
    private bool _toldDetail;

    /// <summary>A round of the collector begins.</summary>
    public void BeginRound() => (_told, _toldDetail) = (false, false);

    /// <summary>What a sample of a series has to tell; null for nothing.</summary>
    public string? Of(ProbeSeries series, in Sample sample, MonoTime now)
    {
        var (refusal, failure) = (series.ToldRefusal, series.ToldFailure);
        switch (sample.Kind)
        {
            case SampleKind.ProbeUnsentRefused when sample.B.Nanoseconds != 0:
                refusal = (int)sample.B.Nanoseconds;
                break;
            case SampleKind.ProbeSent:
                refusal = 0;
                break;
            case SampleKind.ProbeAnswered:
                failure = 0;
                break;
            case SampleKind.ProbeLost or SampleKind.ProbeIcmpError when sample.A.Nanoseconds != 0:
                failure = (int)sample.A.Nanoseconds;
                break;
        }

        if ((refusal, failure) == (series.ToldRefusal, series.ToldFailure) || _told || now < series.NextNews)
        {
            return null;
        }

        var text = refusal != series.ToldRefusal ? OfRefusal(series, refusal) : OfFailure(series, failure);
        (series.ToldRefusal, series.ToldFailure, series.NextNews, _told) = (refusal, failure, now + s_pause, true);
        return text;
    }

    /// <summary>What a sample has to tell those who want details, once a second and pair; null for nothing.</summary>
    public string? DetailOf(ProbeSeries series, in Sample sample, MonoTime now)
    {
        if (_toldDetail || now < series.NextDetail || TextOf(series, sample) is not { } text)
        {
            return null;
        }

        (series.NextDetail, _toldDetail) = (now + s_detailPause, true);
        return $"{Name(series)}: {text}";
    }

    /// <summary>What a fetch has to tell, before the series takes it in; null for nothing.</summary>
    public string? Of(ProbeSeries series, HttpFigures figures, MonoTime now)
    {
        if (figures.Failure == series.ToldFetchFailure || _told || now < series.NextNews)
        {
            return null;
        }

        (series.ToldFetchFailure, series.NextNews, _told) = (figures.Failure, now + s_pause, true);
        return $"{Name(series)}: {figures.Failure ?? "answers again"}";
    }

    /// <summary>What a stray has to tell; null for nothing.</summary>
    public string? Of(StrayKind kind, NodeEndpoint from, MonoTime now)
    {
        if (now < _nextStray[(int)kind])
        {
            return null;
        }

        _nextStray[(int)kind] = now + s_pause;
        return kind == StrayKind.WrongAddress
            ? $"an answer came from {from}, which was not asked: it is not counted. Where a server answers from another address than its ip, give that as ip"
            : $"what came from {from} is no answer: it is not counted";
    }

    private static string? TextOf(ProbeSeries series, in Sample sample) => sample.Kind switch
    {
        SampleKind.ProbeLate or SampleKind.ProbeLateAfterLoss => $"answered after {sample.A}, later than its timeout of {series.Definition.Timeout}: late, not lost",
        SampleKind.ProbeAnsweredAfterLoss => $"answered after {sample.A}, in time, but read later: this host was late, nothing is lost",
        SampleKind.ProbeDuplicate => "a probe was answered twice",
        SampleKind.ProbeUnknown => "an answer to a probe that was never sent, or is long forgotten",
        SampleKind.ProbeUnsentLate => $"{sample.A.Nanoseconds} probes were not sent: this host's own thread did not run",
        _ => null,
    };

    private static string OfRefusal(ProbeSeries series, int error) => error == 0
        ? $"{Name(series)}: probes are sent again"
        : series.Definition.Kind == CheckKind.Icmp && (Errno)error == Errno.EACCES
        ? $"{Name(series)}: ICMP is not permitted here: net.ipv4.ping_group_range has none of our groups, and CAP_NET_RAW is missing; probes count as unsent, not as lost"
        : $"{Name(series)}: this host can't send: {((Errno)error).Text()}; probes count as unsent, not as lost";

    private static string OfFailure(ProbeSeries series, int error) => error == 0
        ? $"{Name(series)}: answers again"
        : series.Definition.Kind is CheckKind.UdpPing or CheckKind.Stamp && (Errno)error == Errno.ECONNREFUSED
            ? $"{Name(series)}: the network says that nobody listens on UDP port {series.Definition.Target.Port} there"
            : $"{Name(series)}: {((Errno)error).Text()}";

    private static string Name(ProbeSeries series) =>
        $"{CheckKinds.NameOf(series.Definition.Kind)} {series.Definition.From.Name} -> {series.Definition.To.Name} ({WhereOf(series)})";

    private static string WhereOf(ProbeSeries series) => series.Definition switch
    {
        { Url: { } url } => url,
        { Kind: CheckKind.Tcp or CheckKind.Stamp, Target.Port: var port } => $"{series.Address} port {port}",
        _ => series.Address,
    };
}
