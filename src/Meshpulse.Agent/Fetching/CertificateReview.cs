using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Fetching;

/// <summary>
/// Verifies the certificate of one handshake, name and chain, and keeps what it saw, so that a certificate that is turned down is
/// reported with its days and with every reason. Not shared between handshakes: the platform adds the server's certificates to the policy.
/// </summary>
internal sealed class CertificateReview(X509Certificate2Collection? roots)
{
    private const int SecondsPerDay = 86_400;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private const X509ChainStatusFlags OutOfTime = X509ChainStatusFlags.NotTimeValid;
    private const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>Whole days until the server's certificate ends, rounded down, so that it is negative from the moment of its end; null before one came.</summary>
    public int? DaysLeft { get; private set; }

    /// <summary>Why the certificate was turned down, in words; null where it was not.</summary>
    public string? Fault { get; private set; }

    /// <summary>The handshake's options.</summary>
    /// <param name="host">The URL's host, a name or an address without brackets.</param>
    public SslClientAuthenticationOptions Options(string host) => new()
    {
        TargetHost = host,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        // A resumed handshake is a shorter one, in which the server need not prove again that it has the certificate.
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateChainPolicy = Policy(),
        RemoteCertificateValidationCallback = Judge,
    };

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            // A server that does not send its intermediate certificates is at fault, and a certificate must not make us fetch what it names.
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(SystemClocks.Wall().Nanoseconds / 1_000_000);
        var leaf = certificate as X509Certificate2;
        if (leaf is not null)
        {
            DaysLeft = (int)Math.Floor((new DateTimeOffset(leaf.NotAfter) - now).TotalSeconds / SecondsPerDay);
        }

        if (errors != SslPolicyErrors.None)
        {
            Fault = string.Join(", ", Reasons(leaf, chain, errors, now).DefaultIfEmpty("certificate not accepted"));
        }

        return Fault is null;
    }

    private static IEnumerable<string> Reasons(X509Certificate2? leaf, X509Chain? chain, SslPolicyErrors errors, DateTimeOffset now)
    {
        if (leaf is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            yield return "no certificate";
            yield break;
        }

        var flaws = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((flaws & OutOfTime) != X509ChainStatusFlags.NoError)
        {
            yield return new DateTimeOffset(leaf.NotAfter) <= now ? "certificate expired"
                : new DateTimeOffset(leaf.NotBefore) > now ? "certificate not valid yet"
                : "issuer's certificate expired or not valid yet";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            yield return "wrong name";
        }

        if ((flaws & Untrusted) != X509ChainStatusFlags.NoError)
        {
            yield return "untrusted issuer";
        }

        if ((flaws & X509ChainStatusFlags.NotValidForUsage) != X509ChainStatusFlags.NoError)
        {
            yield return "not a server's certificate";
        }

        flaws &= ~(OutOfTime | Untrusted | X509ChainStatusFlags.NotValidForUsage);
        if (flaws != X509ChainStatusFlags.NoError)
        {
            yield return flaws.ToString();
        }
    }
}
