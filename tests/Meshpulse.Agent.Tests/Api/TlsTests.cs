using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Agent.Tests.Fleet;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Api;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-tls").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_peer_is_asked_over_TLS_where_its_authority_is_ours()
    {
        var identity = TlsIdentity.Read(Write("a"), Path.Combine(_folder, "a.key"), Path.Combine(_folder, "a.pem"));
        var board = new SliceBoard("127.0.0.1", TestFleet.Run);
        board.Publish(TestFleet.Slice("127.0.0.1", 1));
        await using var server = await ServeAsync(identity, TestFleet.Api("127.0.0.1", board));
        var peer = new FleetPeer("127.0.0.1", NodeEndpoint.From(IPAddress.Loopback, 12_222));
        using (var client = new PeerClient(new FleetReaderOptions { Port = server.LocalEndPoint.Port, Tls = identity }))
        {
            // One connection after the other request: what is written last comes as well.
            for (var i = 0; i < 3; i++)
            {
                var answer = await client.GetAsync(peer, FleetApi.SlicesPath, default);
                Assert.Null(answer.Failure);
                Assert.Single(TestFleet.Read(answer.Body!).Slices);
            }
        }

        var stranger = TlsIdentity.Read(Write("b"), Path.Combine(_folder, "b.key"), Path.Combine(_folder, "b.pem"));
        using var other = new PeerClient(new FleetReaderOptions { Port = server.LocalEndPoint.Port, Tls = stranger });
        Assert.Contains("can't be asked", (await other.GetAsync(peer, FleetApi.SlicesPath, default)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_speaks_no_TLS_is_cut_off_and_nobody_else()
    {
        var identity = TlsIdentity.Read(Write("a"), Path.Combine(_folder, "a.key"), null);
        await using var server = await ServeAsync(identity, TestFleet.Api("127.0.0.1"));
        Assert.DoesNotContain("HTTP/1.1 200", await RawConnection.AskAsync(server.LocalEndPoint.Port, "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"), StringComparison.Ordinal);
        using var trusting = new HttpClient(new SocketsHttpHandler { SslOptions = TlsIdentity.AskingOptions(TlsIdentity.Authorities(Path.Combine(_folder, "a.pem"))) });
        Assert.Contains("meshpulse_peers 3", await trusting.GetStringAsync($"https://127.0.0.1:{server.LocalEndPoint.Port}/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_not_be_used_is_said_plainly()
    {
        var (cert, key) = (Write("a"), Path.Combine(_folder, "a.key"));
        _ = Write("b");
        AssertRefused("--tls-cert", "no such file", "/nowhere.pem", key, null);
        AssertRefused("--tls-key", "no such file", cert, "/nowhere.key", null);
        AssertRefused("--tls-cert", "does not have the key", cert, Path.Combine(_folder, "b.key"), null);
        AssertRefused("--tls-ca", "no certificate", cert, key, key);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        AssertRefused("--tls-key", "chmod 600", cert, key, null);
    }

    private static void AssertRefused(string option, string reason, string cert, string key, string? ca)
    {
        var error = Assert.Throws<TlsFileException>(() => TlsIdentity.Read(cert, key, ca));
        Assert.Equal(option, error.Option);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static Task<MetricsServer> ServeAsync(TlsIdentity identity, FleetApi api) => MetricsServer.StartAsync(new MetricsServerOptions
    {
        Listen = TestServers.Loopback,
        WriteFamilies = TestServers.OneGauge,
        Routes = [.. api.Routes],
        Tls = identity.Context,
    });

    /// <summary>A certificate that is its own authority, for the loopback address, and its key.</summary>
    private string Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.Combine(_folder, name + ".pem");
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(Path.ChangeExtension(path, ".key"), key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(Path.ChangeExtension(path, ".key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
