using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Meshpulse.Dashboard.Tests.Meshes;

/// <summary>What keeps strangers off a mesh: a token, and a certificate that no browser knows the authority of.</summary>
internal static class MeshGuard
{
    /// <summary>What the token's file holds.</summary>
    public const string Token = "0123456789abcdef";

    /// <summary>Whose the certificate is.</summary>
    public const string Subject = "CN=mesh";

    /// <summary>Writes the files for nodes of these addresses; gives the options that name them.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public static IEnumerable<string> Write(string folder, IEnumerable<string> addresses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var address in addresses)
        {
            names.AddIpAddress(IPAddress.Parse(address));
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (cert, secret, token) = (Path.Combine(folder, "mesh.pem"), Path.Combine(folder, "mesh.key"), Path.Combine(folder, "token"));
        File.WriteAllText(cert, certificate.ExportCertificatePem());
        WriteSecret(secret, key.ExportPkcs8PrivateKeyPem());
        WriteSecret(token, Token + "\n");
        return ["--api-token-file", token, "--tls-cert", cert, "--tls-key", secret, "--tls-ca", cert];
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void WriteSecret(string file, string text)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
