using System.Security.Cryptography;
using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Configuration;

/// <summary>What one reading of the file came to.</summary>
public sealed record LandscapeLoad
{
    internal LandscapeLoad(FileContent content) => Content = content;

    /// <summary>The configuration with the keys of its files; null where the reading is refused.</summary>
    public Landscape? Value { get; init; }

    /// <summary>
    /// Why it is refused, one line each: <c>FILE:LINE:COLUMN: message</c>, or <c>FILE: message</c> where the file can't be read. Empty where it is
    /// not.
    /// </summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>What was hardly meant, one line each: <c>FILE:LINE:COLUMN: warning: message</c>. There may be some beside errors too.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>SHA-256 of the content, 64 hexadecimal digits; empty where the file can't be read.</summary>
    public string ContentHash => Content.Problem is null ? Convert.ToHexStringLower(SHA256.HashData(Content.Bytes)) : "";

    /// <summary>What was read.</summary>
    internal FileContent Content { get; }
}
