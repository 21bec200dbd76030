using Meshpulse.Agent.Export;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Api;

/// <summary>The streams that are open; so many and no more, of all and of one source.</summary>
internal sealed class LiveStreams(MeshApiOptions options)
{
    private const int MaxOfSource = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _sources = new(StringComparer.Ordinal);
    private readonly SharedEvents _events = new(options);
    private int _open;

    /// <summary>How many are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Answers with a stream, until who reads it leaves.</summary>
    public async Task<int> AnswerAsync(HttpContext context)
    {
        if (ApiQuery.Of(context, out _) is { } fault)
        {
            return await options.Gate.WrongAsync(context, fault);
        }

        var source = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (!TryEnter(source))
        {
            context.Response.Headers.RetryAfter = "10";
            return await ApiGate.FailAsync(context, StatusCodes.Status503ServiceUnavailable, "as many streams are open as this node serves; try again in 10 s, or ask another node");
        }

        try
        {
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await new LiveStream(context, options, _events).RunAsync();
            }

            return 0;
        }
        finally
        {
            Leave(source);
        }
    }

    private bool TryEnter(string source)
    {
        lock (_lock)
        {
            var own = _sources.GetValueOrDefault(source);
            if (_open >= options.MaxStreams || own >= Math.Min(MaxOfSource, options.MaxStreams))
            {
                return false;
            }

            _sources[source] = own + 1;
            _open++;
            return true;
        }
    }

    private void Leave(string source)
    {
        lock (_lock)
        {
            _open--;
            if (--_sources[source] == 0)
            {
                _sources.Remove(source);
            }
        }
    }
}
