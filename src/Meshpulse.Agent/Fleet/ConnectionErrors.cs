using System.Net.Sockets;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// Has every failed connection come as <see cref="HttpRequestException"/>. <see cref="SocketsHttpHandler"/> asks a new connection for its remote address, outside of what it
/// translates: where the peer has closed or reset it already (its process was killed, or had no room), a bare <see cref="SocketException"/> comes out (getpeername(2),
/// ENOTCONN), seldom enough that nobody expects it.
/// </summary>
/// <param name="inner">Who connects.</param>
internal sealed class ConnectionErrors(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
        }
    }
}
