using System.Text;
using Meshpulse.Core.Config;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Config;

/// <summary>Short ways to read a configuration in a test, and configurations that are sound.</summary>
internal static class ConfigSample
{
    public const string FileName = "mesh.toml";

    /// <summary>Two servers in one group, a check and an analysis: the smaller of the two kinds of files that users have.</summary>
    public const string Local = """
        # one group for all servers
        [[group]]
        name = "all"

        [[server]]
        name = "local"
        ip = "127.0.0.1"
        datacenter = "fra.dc11" # may be left out
        groups = ["all"]
        extra1 = "a value for placeholders"
        extra2 = "another one"
        extra3 = "a third one"

        [[server]]
        name = "fail"
        ip = "127.0.222.1"
        datacenter = "fra.dc12"
        groups = ["all"]

        [[check]]
        from = "local" # a server or a group
        to = "all" # a server or a group
        check = "udp_ping"

        [[analysis]]
        from = "local"
        to = "all"
        name = "mtr"
        min_loss = 20
        command = "mtr -s 1000 -r -c 1000 {{server.to.ip}}"
        """;

    /// <summary>Three tiers and a server outside of all groups, with the family before each address.</summary>
    public const string Tiers = """
        [[group]]
        name = "loadbalancers"
        [[group]]
        name = "applicationservers"
        [[group]]
        name = "databaseservers"

        [[server]]
        name = "loadbalancer1"
        ip = "v4:127.0.2.2"
        groups = ["loadbalancers"]
        [[server]]
        name = "loadbalancer2"
        ip = "v4:127.0.2.3"
        groups = ["loadbalancers"]
        [[server]]
        name = "applicationserver1"
        ip = "v4:127.0.3.2"
        groups = ["applicationservers"]
        [[server]]
        name = "applicationserver2"
        ip = "v4:127.0.3.3"
        groups = ["applicationservers"]
        [[server]]
        name = "databaseserver1"
        ip = "v4:127.0.4.2"
        groups = ["databaseservers"]
        [[server]]
        name = "databaseserver2"
        ip = "v4:127.0.4.3"
        groups = ["databaseservers"]
        [[server]]
        name = "databaseserver3"
        ip = "v4:127.0.4.4"
        groups = ["databaseservers"]
        [[server]]
        name = "database_backup"
        ip = "v4:127.0.5.1"
        groups = []

        [[check]]
        from = "loadbalancers"
        to = "applicationservers"
        check = "udp_ping"
        [[check]]
        from = "applicationservers"
        to = "databaseservers"
        check = "udp_ping"
        [[check]]
        from = "databaseservers"
        to = "databaseservers"
        check = "udp_ping"
        [[check]]
        from = "database_backup"
        to = "databaseservers"
        check = "udp_ping"
        """;

    /// <summary>Two servers, <c>a</c> with <c>ip</c> 192.0.2.1 and <c>b</c> with 192.0.2.2, in the group <c>g</c>: 9 lines.</summary>
    public const string Pair = "[[group]]\nname = 'g'\n[[server]]\nname = 'a'\nip = '192.0.2.1'\ngroups = ['g']\n[[server]]\nname = 'b'\nip = '192.0.2.2'\ngroups = ['g']\n";

    public static LandscapeResult Read(string text, string? serverName = null) =>
        LandscapeReader.Read(Encoding.UTF8.GetBytes(text), FileName, serverName);

    /// <summary>A landscape that must be sound and without warnings.</summary>
    public static Landscape Sound(string text)
    {
        var result = Read(text);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        return result.Value!;
    }

    /// <summary>The mistakes of a text that must have some, as <c>LINE:COLUMN message</c>.</summary>
    public static string[] Errors(string text, string? serverName = null)
    {
        var result = Read(text, serverName);
        Assert.Null(result.Value);
        Assert.NotEmpty(result.Errors);
        return Lines(result.Errors);
    }

    /// <summary>The warnings of a text that must be sound otherwise.</summary>
    public static string[] Warnings(string text)
    {
        var result = Read(text);
        Assert.Empty(result.Errors);
        Assert.NotNull(result.Value);
        return Lines(result.Warnings);
    }

    public static string[] Lines(IEnumerable<ConfigMessage> messages) => [.. messages.Select(m => $"{m.Line}:{m.Column} {m.Message}")];

    public static Duration Ms(long value) => Duration.FromMilliseconds(value);
}
