using Meshpulse.Agent.Api;
using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Fleet;

/// <summary>Which node is asked, and how it lets one in.</summary>
/// <param name="Node">Where, by the port of its metrics.</param>
public sealed record NodeAccess(HostPort Node)
{
    /// <summary>The file with its token; null for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>It serves over TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>The file with who signs its certificate; null for whom the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>How its pages' addresses begin.</summary>
    public string Address => $"{(IsTls ? "https" : "http")}://{Node}";

    /// <summary>Ready to ask it.</summary>
    /// <exception cref="NodeClientException">A file can't be used.</exception>
    public NodeClient Open()
    {
        try
        {
            return new NodeClient(Address, TokenFile, CaFile);
        }
        catch (Exception e) when (e is ApiTokenException or TlsFileException)
        {
            throw new NodeClientException(e.Message);
        }
    }

    /// <summary>Host and port.</summary>
    public override string ToString() => Node.ToString();
}
