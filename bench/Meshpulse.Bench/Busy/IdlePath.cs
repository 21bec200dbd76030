using System.Diagnostics;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Busy;

/// <summary>
/// A path that nothing else uses: a veth pair between two network namespaces of its own, or the loopback interface where these can't be
/// had.
/// </summary>
internal sealed class IdlePath : IDisposable
{
    private readonly string _near = $"bench-near-{Environment.ProcessId}";
    private readonly string _far = $"bench-far-{Environment.ProcessId}";

    public IdlePath()
    {
        HasNamespaces = TryMake();
        if (!HasNamespaces)
        {
            Remove();
        }
    }

    public bool HasNamespaces { get; }

    /// <summary>The far end.</summary>
    public string Target => HasNamespaces ? "10.77.0.2" : "127.0.0.1";

    public string Description =>
        HasNamespaces ? "a veth pair between two network namespaces" : "loopback, since network namespaces can't be made without root";

    /// <summary>Starts what asks.</summary>
    public Child Near(string program, params string[] arguments) => Start(_near, program, arguments);

    /// <summary>Starts what answers.</summary>
    public Child Far(string program, params string[] arguments) => Start(_far, program, arguments);

    public void Dispose()
    {
        if (HasNamespaces)
        {
            Remove();
        }
    }

    private Child Start(string space, string program, string[] arguments) =>
        HasNamespaces ? Child.Unbound("ip", ["netns", "exec", space, program, .. arguments]) : Child.Unbound(program, arguments);

    private bool TryMake() =>
        Ip("netns", "add", _near)
        && Ip("netns", "add", _far)
        && Ip("-n", _near, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns", _far)
        && Ip("-n", _near, "addr", "add", "10.77.0.1/24", "dev", "veth0")
        && Ip("-n", _far, "addr", "add", "10.77.0.2/24", "dev", "veth0")
        && Ip("-n", _near, "link", "set", "veth0", "up")
        && Ip("-n", _far, "link", "set", "veth0", "up")
        && Ip("-n", _near, "link", "set", "lo", "up")
        && Ip("-n", _far, "link", "set", "lo", "up");

    private void Remove()
    {
        _ = Ip("netns", "del", _near);
        _ = Ip("netns", "del", _far);
    }

    private static bool Ip(params string[] arguments)
    {
        try
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            ip.WaitForExit();
            return ip.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
