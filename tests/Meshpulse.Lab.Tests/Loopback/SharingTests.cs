using System.Text.Json;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>Nodes that tell each other what they saw, as whole programs.</summary>
public sealed class SharingTests
{
    private const string Key = "00112233445566778899aabbccddeeff";

    [Fact]
    public async Task Nodes_share_what_they_saw_and_one_leaves_in_order()
    {
        await using var mesh = new Mesh(Place.OnLoopback(3));
        await mesh.FormAsync();
        foreach (var member in mesh.Members)
        {
            await member.MetricsAsync(page => page.Value("meshpulse_peers_answering") == 2 && page.Value("meshpulse_slices_received_total") > 4, "does not get the slices of both peers");
        }

        using var client = new HttpClient();
        var leaving = mesh[2];
        var before = await SlicesAsync(client, leaving, "");
        var newest = before.GetProperty("slices").EnumerateArray().Last();
        Assert.Equal(
            mesh.Others(leaving).Select(m => m.Address).Order(StringComparer.Ordinal),
            newest.GetProperty("peers").EnumerateArray().Select(p => p.GetProperty("peer").GetString()).Order(StringComparer.Ordinal));

        var run = before.GetProperty("run").GetString();
        // What comes after its next million slices it says when it stops.
        var waiting = LastWordsAsync(client, leaving, run);
        leaving.Process.Send(Signal.Interrupt);
        Assert.True((await waiting).GetProperty("is_leaving").GetBoolean());
        Assert.Equal(0, await leaving.Process.ExitAsync());
        foreach (var member in mesh.Others(leaving))
        {
            await member.MetricsAsync(page => page.Value("meshpulse_peers") == 1, "does not notice that a peer left");
            Assert.Equal(0, (await member.ScrapeAsync()).Value("meshpulse_diagnosis_failures_total"));
        }

        mesh.AssertOutputIsClean();
        var (exit, output, error) = await NodeProcess.RunAsync("diagnose", mesh[0].Place.Metrics.ToString());
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith(mesh[0].Address + ", ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_holders_of_the_key_share()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Key + "\n");
            await using var mesh = new Mesh(Place.OnLoopback(3));
            await mesh.StartAsync(0, [], "--share-key-file", file);
            await mesh.StartAsync(1, [0], "--share-key-file", file);
            await mesh.StartAsync(2, [0]);
            await mesh.CompleteAsync();
            await mesh[0].MetricsAsync(page => page.Value("meshpulse_peers_answering") == 1 && page.Value("meshpulse_slices_received_total") > 4, "does not get the slices of the other holder");
            await mesh[2].MetricsAsync(page => page.Value("meshpulse_slice_requests_total", "outcome", "refused") > 0, "is not refused");
            Assert.Equal(0, (await mesh[2].ScrapeAsync()).Value("meshpulse_slices_received_total"));
            Assert.True((await mesh[0].ScrapeAsync()).Value("meshpulse_slice_requests_total", "outcome", "wrong") > 0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<JsonElement> LastWordsAsync(HttpClient client, MeshMember member, string? run)
    {
        for (; ; )
        {
            var answer = await SlicesAsync(client, member, $"?after=1000000&run={run}&wait=2000");
            if (answer.GetProperty("slices").EnumerateArray().ToList() is [.., var last])
            {
                return last;
            }
        }
    }

    private static async Task<JsonElement> SlicesAsync(HttpClient client, MeshMember member, string query)
    {
        using var document = JsonDocument.Parse(await client.GetByteArrayAsync($"http://{member.Place.Metrics}/api/v1/slices{query}"));
        return document.RootElement.Clone();
    }
}
