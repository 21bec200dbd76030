namespace Meshpulse.Lab.Switching;

/// <summary>A flow to and from a port: the one that begins as the n-th, since source ports are not known before. For one wire.</summary>
/// <param name="target">The port.</param>
/// <param name="n">From 0.</param>
internal sealed class NthFlow(int target, int n)
{
    private readonly List<int> _seen = [];

    /// <summary>Its source port, once it has begun.</summary>
    public int Port => _seen[n];

    /// <summary>Whether a frame is of it. On the switch's thread.</summary>
    public bool Is(FrameView frame)
    {
        if (!frame.IsOf(target))
        {
            return false;
        }

        var port = frame.SourcePort == target ? frame.DestinationPort : frame.SourcePort;
        if (!_seen.Contains(port))
        {
            _seen.Add(port);
        }

        return _seen.IndexOf(port) == n;
    }
}
