using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Interop;

/// <summary>
/// Everything we claim about C is asked of the C compiler. The lists come from reflection, so whatever is added to the
/// room is compared too, or the test says that it does not know it.
/// </summary>
public sealed class LayoutTests
{
    // linux/tcp.h rather than netinet/tcp.h: only the former has the whole of tcp_info, and both at once don't compile.
    private static readonly string[] Headers =
    [
        "errno.h", "fcntl.h", "sched.h", "signal.h", "spawn.h", "string.h", "sys/epoll.h", "sys/eventfd.h", "sys/ioctl.h", "sys/mman.h", "sys/prctl.h",
        "sys/resource.h", "sys/socket.h", "sys/stat.h", "sys/syscall.h", "sys/timex.h", "sys/uio.h", "sys/wait.h", "termios.h", "time.h", "netinet/in.h", "netinet/icmp6.h",
        "linux/errqueue.h", "linux/icmp.h", "linux/net_tstamp.h", "linux/sock_diag.h", "linux/sockios.h", "linux/tcp.h",
    ];

    private static readonly Dictionary<Type, string> CNames = new()
    {
        [typeof(Cmsghdr)] = "struct cmsghdr",
        [typeof(In6Pktinfo)] = "struct in6_pktinfo",
        [typeof(InPktinfo)] = "struct in_pktinfo",
        [typeof(Iovec)] = "struct iovec",
        [typeof(Linger)] = "struct linger",
        [typeof(Mmsghdr)] = "struct mmsghdr",
        [typeof(Msghdr)] = "struct msghdr",
        [typeof(SchedParam)] = "struct sched_param",
        [typeof(SockExtendedErr)] = "struct sock_extended_err",
        [typeof(Siginfo)] = "siginfo_t",
        [typeof(SockaddrIn)] = "struct sockaddr_in",
        [typeof(SockaddrIn6)] = "struct sockaddr_in6",
        [typeof(Statx)] = "struct statx",
        [typeof(TcpInfo)] = "struct tcp_info",
        [typeof(Termios)] = "struct termios",
        [typeof(Timespec)] = "struct timespec",
        [typeof(Timeval)] = "struct timeval",
        [typeof(Timex)] = "struct timex",
        [typeof(Winsize)] = "struct winsize",
    };

    // C has no name for a byte of bit fields; the fields after them pin their places down.
    private static readonly string[] BitFields = ["wscales", "delivery_flags"];

    private static IEnumerable<Type> RoomTypes => typeof(Libc).Assembly.GetTypes()
        .Where(t => t.Namespace == typeof(Libc).Namespace && !t.IsNested);

    [Fact]
    public void Every_structure_has_the_compilers_size_and_offsets()
    {
        CProgram.SkipWithoutCompiler();
        var structures = RoomTypes.Where(t => t.IsValueType && !t.IsEnum).ToList();
        Assert.Equal(CNames.Keys.Select(t => t.Name).Order(), structures.Select(t => t.Name).Order());

        var statements = structures.SelectMany(t => Fields(t)
            .Select(f => Print($"{t.Name}.{f.Name}", $"offsetof({CNames[t]}, {f.Name})"))
            .Append(Print(t.Name, SizeExpression(t))));
        var theirs = CProgram.Run(Headers, statements);

        var ours = structures.SelectMany(t => Fields(t)
            .Select(f => KeyValuePair.Create($"{t.Name}.{f.Name}", Marshal.OffsetOf(t, f.Name).ToString()))
            .Append(KeyValuePair.Create(t.Name, SizeOf(t).ToString())));
        AssertSame(theirs, ours);
    }

    [Fact]
    public void The_epoll_event_is_laid_out_as_on_this_machine()
    {
        CProgram.SkipWithoutCompiler();
        var theirs = CProgram.Run(Headers,
        [
            Print("size", "sizeof(struct epoll_event)"),
            Print("events", "offsetof(struct epoll_event, events)"),
            Print("data", "offsetof(struct epoll_event, data)"),
        ]);
        AssertSame(theirs, new Dictionary<string, string>
        {
            ["size"] = EpollEventLayout.Size.ToString(),
            ["events"] = "0",
            ["data"] = EpollEventLayout.DataOffset.ToString(),
        });
    }

    [Fact]
    public void The_buffers_hold_the_librarys_opaque_types()
    {
        CProgram.SkipWithoutCompiler();
        var theirs = CProgram.Run(Headers,
        [
            Print("attributes", "sizeof(posix_spawnattr_t)"),
            Print("actions", "sizeof(posix_spawn_file_actions_t)"),
            Print("signals", "sizeof(sigset_t)"),
        ]);
        Assert.All(theirs, size => Assert.InRange(int.Parse(size.Value), 8, SpawnBuffer.Words * sizeof(ulong)));
    }

    [Fact]
    public void The_flags_of_directories_are_those_of_this_machine()
    {
        CProgram.SkipWithoutCompiler();
        var theirs = CProgram.Run(Headers, [Print("directory", "O_DIRECTORY"), Print("no_follow", "O_NOFOLLOW")]);
        AssertSame(theirs, new Dictionary<string, string>
        {
            ["directory"] = DirectoryFlags.Directory.ToString(),
            ["no_follow"] = DirectoryFlags.NoFollow.ToString(),
        });
    }

    [Fact]
    public void Every_constant_has_the_compilers_value()
    {
        CProgram.SkipWithoutCompiler();
        var constants = RoomTypes.Where(t => t.Name.EndsWith("Constants", StringComparison.Ordinal))
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .ToList();
        Assert.True(constants.Count > 40, $"only {constants.Count} constants were found");
        var theirs = CProgram.Run(Headers, constants.Select(c => Print(c.Name, c.Name)));
        AssertSame(theirs, constants.Select(c => KeyValuePair.Create(c.Name, c.GetValue(null)!.ToString()!)));
    }

    [Fact]
    public void Every_error_has_the_compilers_number_and_the_librarys_words()
    {
        CProgram.SkipWithoutCompiler();
        var errors = Enum.GetValues<Errno>().Where(e => e != Errno.None).ToList();
        var theirs = CProgram.Run(Headers, errors.Select(e => $"printf(\"{e} %d %s\\n\", {e}, strerror({e}));"));
        AssertSame(theirs, errors.Select(e => KeyValuePair.Create(e.ToString(), $"{(int)e} {e.Text()}")));
    }

    [Fact]
    public void The_states_of_tcp_have_the_compilers_numbers()
    {
        CProgram.SkipWithoutCompiler();
        var names = new Dictionary<TcpState, string>
        {
            [TcpState.Established] = "TCP_ESTABLISHED",
            [TcpState.SynSent] = "TCP_SYN_SENT",
            [TcpState.SynReceived] = "TCP_SYN_RECV",
            [TcpState.FinWait1] = "TCP_FIN_WAIT1",
            [TcpState.FinWait2] = "TCP_FIN_WAIT2",
            [TcpState.TimeWait] = "TCP_TIME_WAIT",
            [TcpState.Close] = "TCP_CLOSE",
            [TcpState.CloseWait] = "TCP_CLOSE_WAIT",
            [TcpState.LastAck] = "TCP_LAST_ACK",
            [TcpState.Listen] = "TCP_LISTEN",
            [TcpState.Closing] = "TCP_CLOSING",
        };
        Assert.Equal(Enum.GetValues<TcpState>().Where(s => s != TcpState.None).Order(), names.Keys.Order());
        var theirs = CProgram.Run(["netinet/tcp.h"], names.Values.Select(n => Print(n, n)));
        AssertSame(theirs, names.Select(n => KeyValuePair.Create(n.Value, ((int)n.Key).ToString())));
    }

    [Fact]
    public void An_error_that_is_not_listed_still_has_a_text() => Assert.Equal("errno 999", ((Errno)999).Text());

    private static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(f => !BitFields.Contains(f.Name));

    // The kernel appends to tcp_info: a newer header's is longer than ours, which must end after our last field.
    private static string SizeExpression(Type type) => type == typeof(TcpInfo)
        ? $"((offsetof(struct tcp_info, {Fields(type).Last().Name}) + 4 + 7) & ~7)"
        : $"sizeof({CNames[type]})";

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static string Print(string key, string expression) => $"printf(\"{key} %lld\\n\", (long long)({expression}));";

    private static void AssertSame(Dictionary<string, string> theirs, IEnumerable<KeyValuePair<string, string>> ours) =>
        Assert.Equal(
            theirs.Select(p => $"{p.Key} {p.Value}").Order(StringComparer.Ordinal),
            ours.Select(p => $"{p.Key} {p.Value}").Order(StringComparer.Ordinal));
}
