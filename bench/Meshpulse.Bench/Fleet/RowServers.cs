using System.Security.Cryptography;
using System.Text;
using Meshpulse.Bench.Whole;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Meshpulse.Bench.Fleet;

/// <summary>
/// One server at all addresses of the counterparts, which answers for each of them how it sees the mesh: every figure by chance, anew with each answer, which is the
/// dearest that a mesh can be.
/// </summary>
internal sealed class RowServers : IAsyncDisposable
{
    // Nothing in the last quarter of what a byte can be is a figure.
    private const int Figures = 192;

    private readonly WebApplication _server;
    private readonly int _cells;
    private long _asked;

    private RowServers(WebApplication server, int peers) => (_server, _cells) = (server, peers + 1);

    /// <summary>Rows that were asked for.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>Begins to answer for so many.</summary>
    public static async Task<RowServers> StartAsync(int peers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            for (var i = 0; i < peers; i++)
            {
                kestrel.Listen(PeerAddress.Of(i), Ports.Metrics);
            }
        });
        var server = builder.Build();
        var rows = new RowServers(server, peers);
        server.Run(rows.AnswerAsync);
        await server.StartAsync();
        return rows;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/api/v1/row")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        Interlocked.Increment(ref _asked);
        var cells = $"{{\"loss\":\"{Bytes(Figures)}\",\"p50\":\"{Bytes(Figures)}\",\"p99\":\"{Bytes(Figures)}\",\"ratio\":\"{Bytes(Figures)}\",\"state\":\"{Bytes(1)}\"}}";
        var row = $"{{\"version\":1,\"node\":\"{context.Connection.LocalIpAddress}:{Ports.Mesh}\",\"now\":\"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.ffffffZ}\",\"hash\":\"{context.Request.Query["names"]}\","
            + $"\"is_maintenance\":false,\"kind\":\"one_way\",\"forward\":{cells},\"backward\":{cells}}}";
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(row));
    }

    private string Bytes(int below)
    {
        var bytes = RandomNumberGenerator.GetBytes(_cells);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] %= (byte)below;
        }

        return Convert.ToBase64String(bytes);
    }
}
