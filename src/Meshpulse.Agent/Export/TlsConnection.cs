using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace Meshpulse.Agent.Export;

/// <summary>
/// TLS upon a connection (RFC 8446), before HTTP sees it. Kestrel's own wants a host's services for it, which this server does without. Who does not greet
/// within a few seconds, or speaks something else, is cut off; that is nobody's failure but his.
/// </summary>
internal static class TlsConnection
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs a connection inside TLS.</summary>
    public static async Task RunAsync(SslStreamCertificateContext identity, ConnectionContext connection, ConnectionDelegate next)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new TransportStream(plain), leaveInnerStreamOpen: true);
        if (!await TryGreetAsync(identity, connection, stream))
        {
            connection.Abort(new ConnectionAbortedException("No TLS."));
            return;
        }

        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        connection.Transport = new Pipes(input, output);
        try
        {
            await next(connection);
        }
        finally
        {
            await input.CompleteAsync();
            await output.CompleteAsync();
            connection.Transport = plain;
        }
    }

    private static async Task<bool> TryGreetAsync(SslStreamCertificateContext identity, ConnectionContext connection, SslStream stream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        limit.CancelAfter(s_patience);
        try
        {
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = identity,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
            };
            await stream.AuthenticateAsServerAsync(options, limit.Token);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException or ConnectionResetException or InvalidOperationException)
        {
            return false;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
