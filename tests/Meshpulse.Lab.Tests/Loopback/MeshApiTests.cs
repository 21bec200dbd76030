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
            var matrix = await UntilAsync(client, member, "matrix", m => m.GetProperty("missing").EnumerateArray().Any(e => e.GetProperty("node").GetString() == killed.Address), "does not miss the one that was killed");
            var gone = matrix.GetProperty("nodes").EnumerateArray().ToList().FindIndex(n => n.GetString() == killed.Address);
            Assert.NotEqual("up", matrix.GetProperty("states")[gone].GetString());
            foreach (var row in matrix.GetProperty("rows").EnumerateArray())
            {
                var from = row.GetProperty("from").GetInt32();
                var states = row.GetProperty("state").GetBytesFromBase64();
                for (var to = 0; to < states.Length; to++)
                {
                    // A verdict of it may stand there already.
                    Assert.True(from == to || (from != gone && to != gone) || states[to] is Silent or Verdict, $"{from} -> {to}: {states[to]}");
                }
            }
        }
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
