using System.Diagnostics;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Agent.Tests.Api;

/// <summary>A matrix of many nodes out of rows that are made up. What it takes is printed for docs/performance.md; only the bytes are asserted.</summary>
public sealed class LargeMatrixTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(5, 3_000)]
    [InlineData(100, 150_000)]
    [InlineData(1_000, 8_000_000)]
    public async Task A_matrix_takes_so_many_bytes(int count, int most)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"10.{i / 62_500}.{i / 250 % 250}.{i % 250}")];
        await using var mesh = await TestMesh.StartAsync(names);
        mesh.Tell(8, names[0]);
        var known = mesh.Live.Names;
        var random = new Random(5);
        foreach (var name in names.Skip(1))
        {
            mesh.Live.Take(name, Row(name, known, random), null);
        }

        var made = Stopwatch.StartNew();
        var document = mesh.Live.Matrix().Document;
        made.Stop();
        Assert.Equal(count, document.Rows.Count);
        Assert.Empty(document.Missing);
        var asked = Stopwatch.StartNew();
        var plain = await mesh.Client.GetByteArrayAsync(MeshApi.MatrixPath);
        asked.Stop();
        using var request = new HttpRequestMessage(HttpMethod.Get, MeshApi.MatrixPath);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        var zipped = Stopwatch.StartNew();
        using var response = await mesh.Client.SendAsync(request);
        var small = await response.Content.ReadAsByteArrayAsync();
        zipped.Stop();
        output.WriteLine($"{count} nodes: {plain.Length} bytes, {small.Length} with gzip; made in {made.Elapsed.TotalMilliseconds:0.0} ms, asked for in {asked.Elapsed.TotalMilliseconds:0.0} ms, with gzip in {zipped.Elapsed.TotalMilliseconds:0.0} ms");
        Assert.InRange(plain.Length, 1, most);
        Assert.NotNull(ApiJson.Read<MatrixDocument>(plain));
    }

    private static GatheredRow Row(string name, IReadOnlyList<string> names, Random random)
    {
        var tables = new[] { new CellTable(names.Count), new CellTable(names.Count) };
        foreach (var table in tables)
        {
            for (var i = 0; i < table.Count; i++)
            {
                var delay = 50 + (200 * random.NextDouble());
                table[i] = new MatrixCell(
                    CellCodes.OfLoss(random.Next(50) == 0 ? 0.0125 : 0), CellCodes.OfDelay(delay), CellCodes.OfDelay(delay * (2 + random.NextDouble())), CellCodes.OfRatio(0.9 + (random.NextDouble() / 5)), CellState.Fine);
            }
        }

        var told = new RowDocument(1, name, default, "", false, MatrixRowEntry.OneWay, RowCells.Of(tables[0]), RowCells.Of(tables[1]));
        return new GatheredRow(new RowCodes(name, names, false, tables[0], tables[1]), told, Linux.Timing.SystemClocks.Mono());
    }
}
