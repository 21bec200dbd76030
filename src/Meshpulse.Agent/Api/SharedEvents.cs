using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Agent.Api;

/// <summary>What streams are told, written once for all that want the same.</summary>
internal sealed class SharedEvents(MeshApiOptions options)
{
    private static readonly TimeSpan s_freshNodes = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan s_freshNumbers = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private (long From, long To, byte[] Json) _change;
    private (long At, byte[] Json) _whole;
    private (long At, byte[] Json) _nodes;
    private (string Gist, byte[] Timeless, long At, byte[] Json) _verdicts;

    /// <summary>All of a matrix.</summary>
    public byte[] Whole(MatrixSnapshot snapshot)
    {
        lock (_lock)
        {
            if (_whole.At != snapshot.Sequence)
            {
                _whole = (snapshot.Sequence, ApiJson.Write(snapshot.Document));
            }

            return _whole.Json;
        }
    }

    /// <summary>What changed after one a reader has.</summary>
    public byte[] Change(MatrixSnapshot snapshot, long since)
    {
        lock (_lock)
        {
            if (_change.From != since || _change.To != snapshot.Sequence)
            {
                var count = snapshot.Rows.Count;
                _change = (since, snapshot.Sequence, ApiJson.Write(snapshot.Since(since, i => MatrixRowEntry.Of(new MatrixRow(i, false, new CellTable(count))))));
            }

            return _change.Json;
        }
    }

    /// <summary>The document of nodes, of a second ago at most.</summary>
    public byte[] Nodes()
    {
        lock (_lock)
        {
            if (_nodes.Json is null || TimeProvider.System.GetElapsedTime(_nodes.At) > s_freshNodes)
            {
                _nodes = (TimeProvider.System.GetTimestamp(), ApiJson.Write(options.Live.Nodes()));
            }

            return _nodes.Json;
        }
    }

    /// <summary>The document of verdicts; the same array while nothing is new. Their numbers change with every judgement: those are told every two seconds.</summary>
    public byte[] Verdicts()
    {
        lock (_lock)
        {
            var document = options.Verdicts();
            var gist = string.Join('\n', document.Verdicts.Select(v => $"{v.Id} {v.What} {v.Until} {v.Recurrences}"));
            if (_verdicts.Json is null || gist != _verdicts.Gist)
            {
                _verdicts = (gist, Timeless(document), TimeProvider.System.GetTimestamp(), FleetJson.Write(document));
            }
            else if (TimeProvider.System.GetElapsedTime(_verdicts.At) > s_freshNumbers)
            {
                var timeless = Timeless(document);
                _verdicts = (gist, timeless, TimeProvider.System.GetTimestamp(), timeless.AsSpan().SequenceEqual(_verdicts.Timeless) ? _verdicts.Json : FleetJson.Write(document));
            }

            return _verdicts.Json;
        }
    }

    private static byte[] Timeless(VerdictDocument document) => FleetJson.Write(document with { Now = default });
}
