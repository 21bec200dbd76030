namespace Meshpulse.Agent.Configuration;

/// <summary>What was at a path at one look.</summary>
internal sealed class FileContent
{
    private readonly byte[] _bytes;

    private FileContent(byte[] bytes, string? problem) => (_bytes, Problem) = (bytes, problem);

    /// <summary>The content; empty where there is a problem.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Why there is no content, in words that follow the file's name; null where there is.</summary>
    public string? Problem { get; }

    /// <summary>Keeps a copy.</summary>
    public static FileContent Of(ReadOnlySpan<byte> bytes) => new(bytes.ToArray(), null);

    /// <summary>Nothing that could be read.</summary>
    public static FileContent Unreadable(string problem) => new([], problem);

    /// <summary>Whether a look that came to this found the same.</summary>
    public bool IsSame(ReadOnlySpan<byte> bytes, string? problem) => problem == Problem && bytes.SequenceEqual(_bytes);

    /// <summary>Whether both looks found the same.</summary>
    public bool IsSame(FileContent other) => IsSame(other._bytes, other.Problem);
}
