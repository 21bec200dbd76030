using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>
/// The matrix as it was: each node is asked for its own row of that moment, out of its history. One at a time, and the last ones are kept, so that
/// who goes back step by step, or several who share a link, do not have a whole mesh asked again and again.
/// </summary>
internal sealed class PastMatrix(MeshApiOptions options) : IDisposable
{
    private const int Kept = 8;

    // Who did not tell its row may only have been busy.
    private static readonly Duration s_patience = Duration.FromSeconds(5);

    // A verdict is said some seconds after what it names began. The dashboard asks for the same hour.
    private static readonly Duration s_before = Duration.FromSeconds(3_600);
    private static readonly Duration s_after = Duration.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Queue<(long Second, MonoTime Made, MatrixDocument Document)> _kept = [];

    /// <summary>The matrix of a moment.</summary>
    public async Task<MatrixDocument> AtAsync(WallTime at, CancellationToken stop)
    {
        var second = at.Nanoseconds / 1_000_000_000;
        await _one.WaitAsync(stop);
        try
        {
            var now = options.Clock();
            if (_kept.LastOrDefault(k => k.Second == second && (k.Document.Missing.Count == 0 || now.Mono - k.Made < s_patience)).Document is { } known)
            {
                return known with { Now = now.Wall };
            }

            var document = await MakeAsync(at, stop);
            _kept.Enqueue((second, now.Mono, document));
            if (_kept.Count > Kept)
            {
                _ = _kept.Dequeue();
            }

            return document;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private async Task<MatrixDocument> MakeAsync(WallTime at, CancellationToken stop)
    {
        var live = options.Live.Matrix().Document;
        var names = live.Nodes;
        var missing = new List<MissingEntry>();
        var told = new Dictionary<string, RowCodes>(StringComparer.Ordinal);
        var peers = options.Peers().ToDictionary(p => p.Name, StringComparer.Ordinal);
        var answers = await Task.WhenAll(names.Select(n => RowAsync(n, peers.GetValueOrDefault(n), at, stop)));
        for (var i = 0; i < names.Count; i++)
        {
            if (answers[i].Row is { } row)
            {
                told.Add(names[i], row);
            }
            else
            {
                missing.Add(new MissingEntry(names[i], answers[i].Why));
            }
        }

        var rows = MatrixFold.Rows(names, told);
        foreach (var place in await NamedAsync(at, stop))
        {
            MatrixFold.MarkVerdict(rows, place, names, live.Datacenters);
        }

        return live with
        {
            At = at,
            States = [.. names.Select(n => told.ContainsKey(n) ? "up" : "unknown")],
            AgesMs = [.. names.Select(n => told.ContainsKey(n) ? 0 : (double?)null)],
            Missing = missing,
            Rows = [.. rows.Select(MatrixRowEntry.Of)],
        };
    }

    /// <summary>What the verdicts concern that were in force at that moment, as far as the hour before it tells.</summary>
    private async Task<IEnumerable<VerdictPlace>> NamedAsync(WallTime at, CancellationToken stop)
    {
        var span = new ApiSpan(at - s_before, at + s_after, 10_000);
        var verdicts = VerdictSpan.Of(span, await options.Past(null).VerdictsAsync(span, stop), options.Verdicts().Verdicts);
        return verdicts.Where(v => v.Since <= at && (v.Until is not { } until || until > at)).Select(v => v.Where.ToPlace()).OfType<VerdictPlace>();
    }

    private async Task<(RowCodes? Row, string Why)> RowAsync(string node, FleetPeer? peer, WallTime at, CancellationToken stop)
    {
        if (node == options.Live.Self)
        {
            return (await options.Past(null).RowAsync(at, stop), "no history of that moment is kept here");
        }

        if (peer is null || options.Client() is not { } client)
        {
            return (null, "it is not connected, so that it can't be asked");
        }

        var answer = await client.GetAsync(peer, $"{MeshApi.RowPath}?at={ApiSpan.Ms(at)}", stop);
        if (answer.Body is not { } body)
        {
            return (null, answer.Status == 404 ? "it has no history of that moment" : $"it {answer.Failure}");
        }

        return (RowGatherer.CodesOf(node, body), "it tells something that is no row");
    }
}
