using System.Text.Json;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>Whole programs: each node answers for the whole mesh.</summary>
public sealed class MeshApiTests
{
    private const int Silent = 1;
    private const int Verdict = 4;

    [Fact]
    public async Task Each_node_answers_for_the_whole_mesh_and_one_that_is_killed_is_marked()
    {
        await using var mesh = new Mesh(Place.OnLoopback(3));
        await mesh.FormAsync();
        using var client = new HttpClient();
        foreach (var member in mesh.Members)
        {
            await UntilAsync(client, member, "matrix", IsWhole, "does not know every pair");
            var nodes = await AskAsync(client, member, "nodes");
            Assert.Equal(3, nodes.GetProperty("nodes").GetArrayLength());
            foreach (var other in mesh.Others(member))
            {
                var paths = await AskAsync(client, member, $"paths?node={other.Address}");
                Assert.Equal((other.Address, member.Address), (paths.GetProperty("node").GetString(), paths.GetProperty("via").GetString()));
                var path = await AskAsync(client, member, $"path?from={member.Address}&to={other.Address}");
                Assert.All(path.GetProperty("views").EnumerateArray(), v => Assert.NotEqual(0, v.GetProperty("t").GetArrayLength()));
            }
        }

        var killed = mesh[2];
        killed.Process.Send(Signal.Kill);
        foreach (var member in mesh.Others(killed))
        {
            // What its last packets were is told for two seconds more.
            var matrix = await UntilAsync(client, member, "matrix", m => IsMissing(m, killed.Address) && CellsOf(m, killed.Address).All(s => s is Silent or Verdict), "does not miss the one that was killed");
            Assert.NotEqual("up", matrix.GetProperty("states")[IndexOf(matrix, killed.Address)].GetString());
            Assert.Equal(4, CellsOf(matrix, killed.Address).Count);
        }
    }

    private static bool IsMissing(JsonElement matrix, string node) => matrix.GetProperty("missing").EnumerateArray().Any(e => e.GetProperty("node").GetString() == node);

    private static int IndexOf(JsonElement matrix, string node) => matrix.GetProperty("nodes").EnumerateArray().ToList().FindIndex(n => n.GetString() == node);

    /// <summary>The states of all pairs that a node is of.</summary>
    private static List<byte> CellsOf(JsonElement matrix, string node)
    {
        var index = IndexOf(matrix, node);
        var cells = new List<byte>();
        foreach (var row in matrix.GetProperty("rows").EnumerateArray())
        {
            var from = row.GetProperty("from").GetInt32();
            cells.AddRange(row.GetProperty("state").GetBytesFromBase64().Where((_, to) => from != to && (from == index || to == index)));
        }

        return cells;
    }

    private static bool IsWhole(JsonElement matrix)
    {
        var rows = matrix.GetProperty("rows").EnumerateArray().ToList();
        return rows.Count == 3 && rows.All(r => r.GetProperty("p50").GetBytesFromBase64().Count(b => b != 255) == 2);
    }

    private static async Task<JsonElement> UntilAsync(HttpClient client, MeshMember member, string path, Func<JsonElement, bool> condition, string otherwise)
    {
        JsonElement last = default;
        await Until.HoldsAsync(async () => condition(last = await AskAsync(client, member, path)), () => $"{member.Address} {otherwise}: {last}");
        return last;
    }

    private static async Task<JsonElement> AskAsync(HttpClient client, MeshMember member, string path)
    {
        using var document = JsonDocument.Parse(await client.GetByteArrayAsync($"http://{member.Place.Metrics}/api/v1/{path}"));
        return document.RootElement.Clone();
    }
}
