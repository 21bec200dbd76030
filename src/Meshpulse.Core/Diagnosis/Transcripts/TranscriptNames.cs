namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// Whose output each file is, and which names mean the same node. Lines of meshmonitor call peers by address and say their own once, at the start; lines of mehsh call servers
/// by name and give the addresses of the others; an operator may say a third name.
/// </summary>
public sealed class TranscriptNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _nodes = [];

    /// <summary>Lays what all files say side by side.</summary>
    /// <param name="files">Of each what has been read of it, whole; the name that it was given by the operator, null for none; and the name of the file, for want of another.</param>
    public TranscriptNames(IReadOnlyList<(TranscriptReader Read, string? Given, string File)> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var (read, given, _) in files)
        {
            TakeAddresses(read.Addresses);
            if (given is not null && read.OwnServer is { } server && server != given)
            {
                _names[server] = given;
            }
        }

        // Several nodes at one address are told apart by their ports, as the lines of their peers do.
        var shared = files.Select(f => f.Read.OwnAddress).OfType<string>().Distinct(StringComparer.Ordinal)
            .GroupBy(WithoutPort, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (read, given, file) in files)
        {
            _nodes.Add(NodeOf(read.OwnAddress, given, file, shared));
        }

        foreach (var (name, means) in _names.ToList())
        {
            _names[name] = _names.GetValueOrDefault(means, means);
        }
    }

    /// <summary>The node that a file is of, in the order of the files.</summary>
    public IReadOnlyList<string> Nodes => _nodes;

    /// <summary>The node that is meant by an address or another name.</summary>
    public IReadOnlyDictionary<string, string> Meanings => _names;

    private string NodeOf(string? address, string? given, string file, HashSet<string> shared)
    {
        if (address is null || IsAny(WithoutPort(address)))
        {
            return given ?? file;
        }

        var alone = WithoutPort(address);
        if (shared.Contains(alone))
        {
            var own = given ?? address;
            _names[address] = own;
            return own;
        }

        var node = given ?? _names.GetValueOrDefault(alone, alone);
        _names[address] = node;
        _names[alone] = node;
        return node;
    }

    private void TakeAddresses(IReadOnlyDictionary<string, string> addresses)
    {
        foreach (var (address, name) in addresses)
        {
            // What two files say differently is said by neither.
            _names[address] = _names.TryGetValue(address, out var known) && known != name ? address : name;
        }
    }

    private static bool IsAny(string address) => address is "0.0.0.0" or "::" or "[::]";

    /// <summary><c>10.0.0.1</c> of <c>10.0.0.1:12222</c>, <c>::1</c> of <c>[::1]:12222</c>; what has no port stays as it is.</summary>
    private static string WithoutPort(string address)
    {
        var colon = address.LastIndexOf(':');
        if (address.StartsWith('[') && address.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
        {
            return address[1..end];
        }

        return colon > 0 && address.IndexOf(':', StringComparison.Ordinal) == colon ? address[..colon] : address;
    }
}
