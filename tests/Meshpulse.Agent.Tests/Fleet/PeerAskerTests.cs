using System.Net.Sockets;
using Meshpulse.Agent.Fleet;

namespace Meshpulse.Agent.Tests.Fleet;

/// <summary>What a library throws becomes an outcome: a loop that asks must not end by it.</summary>
public sealed class PeerAskerTests
{
    private static readonly FleetReaderOptions s_options = new() { Port = 1 };

    [Fact]
    public async Task A_connection_that_was_reset_before_it_was_looked_at_is_unreachable()
    {
        using var handler = new ConnectionErrors(new Throwing(() => new SocketException((int)SocketError.NotConnected)));
        using var client = new HttpClient(handler);
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://127.0.0.1:1/"), TestContext.Current.CancellationToken));
        Assert.Equal((HttpRequestError.ConnectionError, SocketError.NotConnected), (failure.HttpRequestError, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode));
        Assert.Equal(AskOutcome.Unreachable, await AskAsync(client));
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(SocketException))]
    [InlineData(typeof(FormatException))]
    public async Task Whatever_is_thrown_is_a_broken_connection(Type what)
    {
        using var client = new HttpClient(new Throwing(() => (Exception)Activator.CreateInstance(what)!));
        Assert.Equal(AskOutcome.Broken, await AskAsync(client));
    }

    [Fact]
    public async Task Who_is_told_to_give_up_does()
    {
        using var client = new HttpClient(new Throwing(() => new OperationCanceledException()));
        var asker = new PeerAsker(TestFleet.Peer("a"), client, s_options, 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asker.AskAsync(TimeSpan.Zero, new CancellationToken(canceled: true)));
    }

    private static async Task<AskOutcome> AskAsync(HttpClient client) =>
        (await new PeerAsker(TestFleet.Peer("a"), client, s_options, 1).AskAsync(TimeSpan.Zero, TestContext.Current.CancellationToken)).Outcome;

    private sealed class Throwing(Func<Exception> failure) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(failure());
    }
}
