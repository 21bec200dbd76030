using System.Reflection;
using System.Xml.Linq;
using Meshpulse.Cli.Tests.Architecture.Samples.Low;

namespace Meshpulse.Cli.Tests.Architecture;

public sealed class BanTests
{
    /// <summary>Beside the analyser's list, which names types and members: whole namespaces that mean I/O or threads.</summary>
    private static readonly string[] s_forbiddenNamespaces =
    [
        "System.Net.Sockets", "System.Net.Http", "System.Net.NetworkInformation", "System.Threading.Tasks", "System.Threading.Channels",
        "System.Timers", "System.Diagnostics.Process", "System.IO.Pipes",
    ];

    /// <summary>What of these is a mere value.</summary>
    private static readonly string[] s_values = ["System.Net.Sockets.AddressFamily"];

    [Theory]
    [InlineData("Meshpulse.Wire")]
    [InlineData("Meshpulse.Core")]
    public void Wire_and_Core_touch_no_socket_thread_clock_or_file(string room)
    {
        var types = Assembly.Load(room).GetTypes();
        Assert.True(types.Length > 5);
        Assert.Empty(types.SelectMany(Impure));
    }

    [Fact]
    public void Only_the_Linux_room_calls_native_code()
    {
        var native = Rooms.Assemblies.Where(a => a.GetTypes().Any(t => NativeMethods(t).Any())).Select(a => a.GetName().Name);
        Assert.Equal(["Meshpulse.Linux"], native);
    }

    [Fact]
    public void Only_the_Linux_room_allows_unsafe_blocks()
    {
        var files = Rooms.ProjectFiles.Append(Path.Combine(Rooms.Root, "Directory.Build.props"));
        Assert.Equal(["Meshpulse.Linux.csproj"], files.Where(f => AllowsUnsafe(XDocument.Load(f))).Select(Path.GetFileName));
    }

    /// <summary>An interface is there for a real and a simulated side. One implementation needs a reason.</summary>
    [Fact]
    public void Every_interface_has_two_implementations_or_a_reason()
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ICheckListener"] = "the console; the tests of the agent listen in its place",
        };
        var types = Rooms.Assemblies.SelectMany(a => a.GetTypes()).ToList();
        Assert.Contains(types, t => t is { IsInterface: true, Name: "IMeshTransport" });
        Assert.Empty(Lonely(types, reasons));
    }

    [Fact]
    public void The_checks_can_fail()
    {
        Assert.NotEmpty(Impure(typeof(Sleeper)));
        Assert.NotEmpty(Impure(typeof(Caller)));
        Assert.NotEmpty(Impure(typeof(ClockReader)));
        Assert.Empty(Impure(typeof(InACall)));
        Assert.Equal("NativeCall", Assert.Single(NativeMethods(typeof(InNothing))).Name);
        Assert.True(AllowsUnsafe(XDocument.Parse("<Project><PropertyGroup><AllowUnsafeBlocks>True</AllowUnsafeBlocks></PropertyGroup></Project>")));
        Assert.False(AllowsUnsafe(XDocument.Parse("<Project><PropertyGroup><AllowUnsafeBlocks>false</AllowUnsafeBlocks></PropertyGroup></Project>")));

        Type[] types = [typeof(IPair), typeof(One), typeof(Two), typeof(ISingle)];
        Assert.Equal(["ISingle has 1"], Lonely(types, new Dictionary<string, string>(StringComparer.Ordinal)));
        Assert.Empty(Lonely(types, new Dictionary<string, string>(StringComparer.Ordinal) { ["ISingle"] = "reason" }));
        Assert.Equal(["IPair needs no reason any more"], Lonely(types, new Dictionary<string, string>(StringComparer.Ordinal) { ["ISingle"] = "reason", ["IPair"] = "stale" }));
    }

    private static IEnumerable<string> Impure(Type type) =>
        TypeUse.Of(type).Where(IsForbidden).Select(used => $"{type} uses {used}");

    private static bool IsForbidden(Type type) =>
        !s_values.Contains(type.FullName)
        && (s_forbiddenNamespaces.Any(n => type.FullName == n || (type.Namespace ?? "").StartsWith(n, StringComparison.Ordinal))
            || BannedTypes().Contains(type.FullName));

    private static HashSet<string?> BannedTypes() =>
        [.. File.ReadLines(Path.Combine(Rooms.Root, "src", "BannedSymbols.Pure.txt"))
            .Where(l => l.StartsWith("T:", StringComparison.Ordinal)).Select(l => l[2..].Split(';')[0])];

    private static IEnumerable<MethodInfo> NativeMethods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.Attributes.HasFlag(MethodAttributes.PinvokeImpl));

    private static bool AllowsUnsafe(XDocument project) =>
        project.Descendants("AllowUnsafeBlocks").Any(e => string.Equals(e.Value, "true", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Lonely(IReadOnlyCollection<Type> types, Dictionary<string, string> reasons)
    {
        foreach (var contract in types.Where(t => t.IsInterface && Rooms.IsOurs(t.Assembly.GetName().Name!)))
        {
            var count = types.Count(t => t is { IsInterface: false, IsAbstract: false } && t.IsAssignableTo(contract));
            if (count < 2 && !reasons.ContainsKey(contract.Name))
            {
                yield return $"{contract.Name} has {count}";
            }
            else if (count >= 2 && reasons.ContainsKey(contract.Name))
            {
                yield return $"{contract.Name} needs no reason any more";
            }
        }
    }

    private interface IPair;

    private interface ISingle;

    private sealed class One : IPair, ISingle;

    private sealed class Two : IPair;

    private sealed class Sleeper
    {
        public static void Sleep() => Thread.Yield();
    }

    private sealed class Caller
    {
        public static bool Call() => new System.Net.Sockets.UdpClient().EnableBroadcast;
    }

    private sealed class ClockReader
    {
        public static long Read() => DateTime.UtcNow.Ticks;
    }
}
