namespace Meshpulse.Agent.Export;

/// <summary>Finds the route of a path: an exact one first, then the longest that takes everything below it.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, HttpRoute> _exact = new(StringComparer.Ordinal);
    private readonly List<HttpRoute> _below = [];

    /// <summary>Builds the table.</summary>
    /// <exception cref="ArgumentException">A path is there twice.</exception>
    public RouteTable(IEnumerable<HttpRoute> routes)
    {
        foreach (var route in routes)
        {
            if (!_exact.TryAdd(route.Path, route))
            {
                throw new ArgumentException($"The path {route.Path} has two routes.", nameof(routes));
            }

            if (route.Path.EndsWith("/*", StringComparison.Ordinal))
            {
                _below.Add(route);
            }
        }

        _below.Sort((a, b) => b.Path.Length.CompareTo(a.Path.Length));
        foreach (var route in _below)
        {
            _exact.Remove(route.Path);
        }
    }

    public HttpRoute? Find(string path) =>
        _exact.TryGetValue(path, out var route)
            ? route
            : _below.Find(r => path.AsSpan().StartsWith(r.Path.AsSpan(0, r.Path.Length - 1), StringComparison.Ordinal));
}
