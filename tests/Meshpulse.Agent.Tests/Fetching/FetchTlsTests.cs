using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Meshpulse.Agent.Fetching;
using Meshpulse.Core.Checks;

namespace Meshpulse.Agent.Tests.Fetching;

public sealed class FetchTlsTests : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    public async Task A_good_certificate_is_accepted_and_its_days_are_told(string host)
    {
        using var certificate = _authority.Issue(until: TimeSpan.FromDays(30.5));
        await using var server = HostileServer.Saying(Ok, certificate);
        using var fetcher = Fetches.Fetcher(Trusting() with { ResolveAsync = Fetches.Knowing(IPAddress.Loopback).ResolveAsync });

        // Twice, as nothing of the first may be missing from the second.
        for (var i = 0; i < 2; i++)
        {
            var figures = await fetcher.FetchAsync(server.Url(host: host), Fetches.Patient, 0, CancellationToken.None);
            Assert.Equal((200, null, 30), (figures.Status, figures.Failure, figures.CertificateDays));
            Assert.NotNull(figures.Connect);
            Assert.NotNull(figures.Tls);
            Assert.NotNull(figures.FirstByte);
            Assert.True(figures.Connect.Value + figures.Tls.Value + figures.FirstByte.Value <= figures.Total!.Value);
        }
    }

    [Fact]
    public async Task An_IPv6_address_can_stand_in_a_certificate()
    {
        using var certificate = _authority.Issue();
        await using var server = new HostileServer(
            async side =>
            {
                await side.ReadHeadAsync();
                await side.SayAsync(Ok);
            },
            certificate,
            IPAddress.IPv6Loopback);
        var figures = await Fetches.FetchAsync(server.Url(), Trusting());
        Assert.Equal((200, null, 99), (figures.Status, figures.Failure, figures.CertificateDays));
    }

    [Fact]
    public async Task An_expired_certificate_is_a_loss_with_negative_days()
    {
        using var certificate = _authority.Issue(until: TimeSpan.FromDays(-3.5));
        await AssertTurnedDownAsync(certificate, Trusting(), "TLS: certificate expired", -4);
    }

    [Fact]
    public async Task A_certificate_that_ended_an_hour_ago_has_less_than_no_days_left()
    {
        using var certificate = _authority.Issue(until: TimeSpan.FromHours(-1));
        await AssertTurnedDownAsync(certificate, Trusting(), "TLS: certificate expired", -1);
    }

    [Fact]
    public async Task A_certificate_of_tomorrow_is_a_loss()
    {
        using var certificate = _authority.Issue(from: TimeSpan.FromDays(1), until: TimeSpan.FromDays(2.5));
        await AssertTurnedDownAsync(certificate, Trusting(), "TLS: certificate not valid yet", 2);
    }

    [Fact]
    public async Task Another_name_is_a_loss()
    {
        using var certificate = _authority.Issue(name: "other.test");
        await AssertTurnedDownAsync(certificate, Trusting(), "TLS: wrong name", 99);
    }

    [Fact]
    public async Task An_authority_that_the_system_does_not_trust_is_a_loss()
    {
        using var certificate = _authority.Issue();
        await AssertTurnedDownAsync(certificate, null, "TLS: untrusted issuer", 99);
    }

    [Fact]
    public async Task A_certificate_that_is_no_servers_is_a_loss()
    {
        using var certificate = _authority.Issue(isForServers: false);
        await AssertTurnedDownAsync(certificate, Trusting(), "TLS: not a server's certificate", 99);
    }

    [Fact]
    public async Task Every_fault_is_told()
    {
        using var certificate = _authority.Issue(name: "other.test", until: TimeSpan.FromDays(-0.5));
        await AssertTurnedDownAsync(certificate, null, "TLS: certificate expired, wrong name, untrusted issuer", -1);
    }

    [Fact]
    public async Task A_bad_status_behind_a_good_certificate_is_a_loss_with_every_phase()
    {
        using var certificate = _authority.Issue();
        await using var server = HostileServer.Saying("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", certificate);
        var figures = await Fetches.FetchAsync(server.Url(), Trusting());
        Assert.Equal((503, "status 503", 99), (figures.Status, figures.Failure, figures.CertificateDays));
        Assert.NotNull(figures.Tls);
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_a_loss()
    {
        await using var server = new HostileServer(async side =>
        {
            await side.ReadByteAsync();
            await side.SayAsync("HTTP/1.1 400 Bad Request\r\n\r\n");
            await side.UntilClosedAsync();
        });
        var figures = await Fetches.FetchAsync(new Uri($"https://127.0.0.1:{server.Port}/"), Trusting());
        AssertNoHandshake(figures);
        Assert.StartsWith("TLS: ", figures.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain("routines", figures.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_closes_in_the_handshake_is_a_loss()
    {
        await using var server = new HostileServer(async side =>
        {
            await side.ReadByteAsync();
            side.Socket.Shutdown(SocketShutdown.Send);
            await side.UntilClosedAsync();
        });
        var figures = await Fetches.FetchAsync(new Uri($"https://127.0.0.1:{server.Port}/"), Trusting());
        AssertNoHandshake(figures);
        Assert.Equal("TLS: connection closed in the handshake", figures.Failure);
    }

    private static void AssertNoHandshake(HttpFigures figures)
    {
        Assert.NotNull(figures.Connect);
        Assert.Equal((null, null, null, null, null), (figures.Status, figures.Tls, figures.FirstByte, figures.Total, figures.CertificateDays));
    }

    private static async Task AssertTurnedDownAsync(
        X509Certificate2 certificate, FetchSurroundings? surroundings, string failure, int days)
    {
        await using var server = HostileServer.Saying(Ok, certificate);
        var figures = await Fetches.FetchAsync(server.Url(), surroundings);

        Assert.Equal((failure, days), (figures.Failure, figures.CertificateDays));
        Assert.NotNull(figures.Connect);
        Assert.Equal((null, null, null, null), (figures.Status, figures.Tls, figures.FirstByte, figures.Total));
        Assert.Empty(server.Heads);
    }

    private FetchSurroundings Trusting() => new() { Roots = _authority.Roots };
}
