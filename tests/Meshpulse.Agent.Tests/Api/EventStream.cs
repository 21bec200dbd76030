using System.Text;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Tests.Export;

namespace Meshpulse.Agent.Tests.Api;

/// <summary>Reads server-sent events.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, Stream stream) => (_response, _reader) = (response, new StreamReader(stream, Encoding.UTF8));

    public static async Task<EventStream> OpenAsync(HttpClient client)
    {
        var response = await client.GetAsync(MeshApi.StreamPath, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventStream(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The data of the next event of a name; others are passed over.</summary>
    public async Task<byte[]> NextAsync(string name)
    {
        var current = "";
        while (await _reader.ReadLineAsync().WaitAsync(RawConnection.Hang) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                current = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && current == name)
            {
                return Encoding.UTF8.GetBytes(line["data: ".Length..]);
            }
        }

        throw new InvalidOperationException($"The stream ended before any {name}.");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
