using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Export;

/// <summary>
/// Tells requests that a browser makes for another site's page (Fetch standard: Origin; W3C Fetch Metadata: Sec-Fetch-Site). Whoever is behind that browser
/// may reach this port without meaning to.
/// </summary>
internal static class CrossSite
{
    /// <summary>What is answered.</summary>
    public const string Refusal = "not from a page of another site\n";

    /// <summary>Whether it is one.</summary>
    public static bool IsFrom(HttpRequest request) =>
        request.Headers.ContainsKey("Origin") || request.Headers["Sec-Fetch-Site"] is not ({ Count: 0 } or ["none"] or ["same-origin"]);
}
