using System.Security.Cryptography;

namespace Meshpulse.Agent.Dashboard;

/// <summary>One file of the dashboard as it is served.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Plain">Its bytes.</param>
/// <param name="Gzip">The same by gzip; null where the build made none.</param>
/// <param name="Brotli">The same by brotli; null likewise.</param>
internal sealed record DashboardFile(string ContentType, byte[] Plain, byte[]? Gzip, byte[]? Brotli)
{
    /// <summary>Names this content among all that the file ever was; without quotes.</summary>
    public string Tag { get; } = Convert.ToHexStringLower(SHA256.HashData(Plain).AsSpan(0, 12));
}
