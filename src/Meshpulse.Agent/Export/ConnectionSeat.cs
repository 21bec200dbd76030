using Microsoft.AspNetCore.Connections;

namespace Meshpulse.Agent.Export;

/// <summary>One connection's place among the admitted; a feature of the connection, so that its requests find it.</summary>
internal sealed class ConnectionSeat
{
    private readonly BoundedAdmission _connections;
    private readonly LinkedListNode<Action> _guest;

    private ConnectionSeat(BoundedAdmission connections, ConnectionContext connection)
    {
        _connections = connections;
        _guest = connections.Enter(() => connection.Abort(new ConnectionAbortedException("Too many connections.")));
    }

    /// <summary>Runs a connection inside a seat.</summary>
    public static async Task RunAsync(BoundedAdmission connections, ConnectionContext connection, ConnectionDelegate next)
    {
        var seat = new ConnectionSeat(connections, connection);
        connection.Features.Set(seat);
        try
        {
            await next(connection);
        }
        finally
        {
            connections.Leave(seat._guest);
        }
    }

    /// <summary>Notes that a request begins.</summary>
    public void Touch() => _connections.Touch(_guest);
}
