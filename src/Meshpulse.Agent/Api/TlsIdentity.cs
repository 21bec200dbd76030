using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Meshpulse.Linux.Files;

namespace Meshpulse.Agent.Api;

/// <summary>
/// The certificate with which this node serves its port, and whose signatures it believes in peers' certificates. Read once: a new certificate needs a
/// new start. Peers are asked at their addresses, so that their certificates have to name those.
/// </summary>
public sealed class TlsIdentity
{
    private const string CertOption = "--tls-cert";
    private const string KeyOption = "--tls-key";
    private const string CaOption = "--tls-ca";
    private const int MaxFileLength = 256 * 1024;
    private const int OthersMask = 0x3F; // 077

    private readonly X509Certificate2Collection? _authorities;

    private TlsIdentity(SslStreamCertificateContext context, X509Certificate2Collection? authorities) => (Context, _authorities) = (context, authorities);

    /// <summary>What is served.</summary>
    internal SslStreamCertificateContext Context { get; }

    /// <summary>Reads the files.</summary>
    /// <param name="cert">Certificates in PEM, the node's own first, then those that lead to its authority.</param>
    /// <param name="key">The node's key in PEM, not encrypted.</param>
    /// <param name="ca">Certificates in PEM of the authorities of peers; null for those that the system trusts.</param>
    /// <exception cref="TlsFileException">A file can't be read, others may read the key, or they don't belong together.</exception>
    public static TlsIdentity Read(string cert, string key, string? ca)
    {
        ArgumentException.ThrowIfNullOrEmpty(cert);
        ArgumentException.ThrowIfNullOrEmpty(key);
        var certificates = Text(CertOption, cert, isSecret: false);
        var own = OwnOf(cert, certificates, key, Text(KeyOption, key, isSecret: true));
        var others = CollectionOf(CertOption, cert, certificates);
        others.RemoveAt(0);
        return new TlsIdentity(
            SslStreamCertificateContext.Create(own, others, offline: true),
            ca is null ? null : CollectionOf(CaOption, ca, Text(CaOption, ca, isSecret: false)));
    }

    /// <summary>How peers' certificates are looked at.</summary>
    internal SslClientAuthenticationOptions AskingOptions() => AskingOptions(_authorities);

    /// <summary>The same for who has no certificate of his own, as a command.</summary>
    /// <param name="authorities">Whose signatures are believed; null for those that the system trusts.</param>
    internal static SslClientAuthenticationOptions AskingOptions(X509Certificate2Collection? authorities)
    {
        if (authorities is null)
        {
            return new SslClientAuthenticationOptions();
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    /// <summary>Reads certificates of authorities.</summary>
    /// <exception cref="TlsFileException">It can't be read, or has no certificate.</exception>
    internal static X509Certificate2Collection Authorities(string ca) => CollectionOf(CaOption, ca, Text(CaOption, ca, isSecret: false));

    private static X509Certificate2 OwnOf(string cert, string certificates, string key, string secret)
    {
        if (secret.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw new TlsFileException(KeyOption, $"{key}: the key is encrypted, and nobody is there to type its password; give one that is not");
        }

        X509Certificate2 own;
        try
        {
            own = X509Certificate2.CreateFromPem(certificates, secret);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new TlsFileException(CertOption, $"{cert}: {key} does not have the key of its first certificate, or one of both is no PEM");
        }

        return own.NotAfter < DateTime.Now
            ? throw new TlsFileException(CertOption, $"{cert}: the certificate was good until {own.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC")
            : own;
    }

    private static X509Certificate2Collection CollectionOf(string option, string path, string text)
    {
        var collection = new X509Certificate2Collection();
        try
        {
            collection.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            throw new TlsFileException(option, $"{path}: not certificates in PEM");
        }

        return collection.Count > 0 ? collection : throw new TlsFileException(option, $"{path}: there is no certificate in it; PEM is wanted");
    }

    private static string Text(string option, string path, bool isSecret)
    {
        var content = GC.AllocateUninitializedArray<byte>(MaxFileLength, pinned: true);
        try
        {
            var found = SmallFile.Read(path, content);
            if (!found.Exists)
            {
                throw new TlsFileException(option, $"{path}: no such file");
            }

            if (found.Length is not { } length)
            {
                throw new TlsFileException(option, $"{path}: can't be read: it must be a regular file of at most {MaxFileLength} bytes that this user may read");
            }

            if (isSecret && (found.Mode & OthersMask) != 0)
            {
                throw new TlsFileException(option, $"{path}: its mode is {Convert.ToString(found.Mode, 8).PadLeft(4, '0')}: others than its owner can get at the key; chmod 600 {path}");
            }

            return Encoding.UTF8.GetString(content.AsSpan(0, length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
