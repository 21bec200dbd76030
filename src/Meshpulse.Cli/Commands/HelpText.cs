using Meshpulse.Agent.Fleet.Logs;
using Meshpulse.Agent.Maintenance;
using Meshpulse.Agent.Sounding;
using Meshpulse.Agent.Tracing;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Wire.Stamp;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Cli.Commands;

/// <summary>The help texts, laid out by hand for 80 columns.</summary>
public static class HelpText
{
    private static readonly string[] s_commands =
    [
        "demo",
        "check FILE [OPTIONS]",
        "config check FILE",
        "status [NODE] [OPTIONS]",
        "top [NODE] [OPTIONS]",
        "matrix [NODE] [OPTIONS]",
        "diagnose [NODE] [OPTIONS]",
        "history [PEER] [OPTIONS]",
        "probe HOST[:PORT] [OPTIONS]",
        "trace HOST [OPTIONS]",
        "maintenance on|off|status [OPTIONS]",
        "reflect [OPTIONS]",
        "sim [OPTIONS]",
    ];

    /// <summary>The help of the mesh command.</summary>
    /// <param name="invokedAs">By which name the program was called; <c>meshmonitor</c> has no sub-commands.</param>
    public static string Mesh(string invokedAs)
    {
        var name = InvocationName.Shown(invokedAs);
        var commands = name == InvocationName.MeshMonitor ? "" : string.Concat(s_commands.Select(c => $"       {name} {c}\n"));
        return $"""
            Usage: {name} [SERVER...] [OPTIONS]
            {commands}
            Exchanges heartbeats with every node of a mesh and reports what comes late.

            SERVER is any node of the mesh; the others are learned from it. It is retried
            for ever. Written as ADDRESS, ADDRESS:PORT, [IPV6]:PORT, NAME or NAME:PORT;
            the port is {HostPort.DefaultPort} unless given.

              -b, --bind ADDRESS[:PORT]  this node's identity: the others must be able to
                                         reach it (127.0.0.1:{HostPort.DefaultPort})
              -p, --ping MS              time between heartbeats (5)
              -t, --threshold MS         what is later is yellow, and explained by -x (20)
              -i, --interval S           time between tables (10)
              -q, --quiet                no tables
              -x, --debug                details of each late heartbeat
              -m, --metrics-bind [HOST][:PORT]
                                         serve /metrics here (all interfaces, {MetricsBind.DefaultPort})
              -d, --disable-metrics      serve no metrics
                  --allow NETWORK        only peers in it, as in 10.0.0.0/8 (repeatable)
                  --max-peers N          most peers at once (2000)
                  --silence S            close a peer silent for so long (10, or 3 pings)
                  --retention S          keep a departed peer's metrics so long (60)
                  --full-metrics         all metrics of STAMP paths: fine buckets, each flow
                  --no-stamp             no STAMP beside the heartbeats (same port, UDP)
                  --no-share             tell other nodes nothing of what this one saw, and
                                         ask them nothing; verdicts are its own alone
                  --share-key-file FILE  tell and believe holders of a key only: one on each
                                         line, in hexadecimal; nobody else may read it
                  --log-file FILE        write what was seen and judged, as lines of JSON
                  --history PLACE        keep what was measured, judged and told: a folder
                                         or file ($STATE_DIRECTORY, else nowhere)
                  --history-size BYTES   the most that takes, as in 512M or 4G (1G)
                  --no-history           keep none
                  --api-token-file FILE  who asks under /api/v1/, peers too, has to know the
                                         token in it; nobody else may read the file
                  --tls-cert FILE        serve metrics and API over TLS: certificates in
                                         PEM, this node's first; all nodes alike
                  --tls-key FILE         its key, in PEM; nobody else may read it
                  --tls-ca FILE          who signs the peers' certificates (the system's)
                  --realtime             ask for real-time scheduling and locked memory
              -v, --version              print the version
              -h, --help                 print this

            The table's columns, in ms, each with maximum, mean and percentiles:
              receive  time between heartbeats from the peer: the ping interval if all well
              delta    from a heartbeat's stamp to its arrival: delay and clock difference
              send     time between our own wake-ups: if high, it is this host that was late

            A line VERDICT says what is wrong, where, since when and why. Nodes tell each
            other what they saw over the port of the metrics; docs/verdicts.md has them all.

            Exit code: 0 stopped, 1 an address or port can't be used, 2 wrong command line.

            """;
    }

    /// <summary>The help of the check command.</summary>
    /// <param name="invokedAs">By which name the program was called; as <c>mehsh_check</c> it is this command.</param>
    public static string Check(string invokedAs)
    {
        var isOwnProgram = invokedAs == InvocationName.MehshCheck;
        var command = isOwnProgram ? invokedAs : $"{InvocationName.Default} {CheckCommand.Name}";
        var otherwise = isOwnProgram ? "" : $"\nA server that is named {CheckCommand.Name} is written {CheckCommand.Name}:{HostPort.DefaultPort}.\n";
        return $"""
            Usage: {command} FILE [OPTIONS]
                   {command} FILE [SERVER...] --mesh [OPTIONS]

            Probes what FILE says that this server probes, answers the others' probes, and
            reports every second what was lost. Where that is too much it runs the analyses
            of FILE. To be run on every server of FILE. docs/config.md has all keys.

              -n, --name NAME            which server of FILE this is (this host's name)
                  --json                 reports as JSON, one object on each line
                  --watch                reports as a table that is redrawn in its place
              -q, --quiet                no reports; what else happens is told
              -x, --debug                details of what happens
              -m, --metrics-bind [HOST][:PORT]
                                         serve /metrics here (all interfaces, {MetricsBind.DefaultPort})
              -d, --disable-metrics      serve no metrics
                  --full-metrics         all metrics of STAMP paths: fine buckets, each flow
                  --history PLACE        keep what was measured, judged and told: a folder
                                         or file ($STATE_DIRECTORY, else nowhere)
                  --history-size BYTES   the most that takes, as in 512M or 4G (1G)
                  --no-history           keep none
                  --no-stamp             no STAMP beside the other checks (UDP)
                  --realtime             ask for real-time scheduling and locked memory
                  --portable             STAMP checks by sockets that any platform has:
                                         times are this program's own, no kernel stamps
                  --mesh                 be a node of the mesh as well: takes SERVER, and
                                         -b -p -t -i --allow --max-peers --silence
                                         --retention --no-share --share-key-file
                                         --log-file --api-token-file --tls-cert
                                         --tls-key --tls-ca, see {InvocationName.Default} --help
              -v, --version              print the version
              -h, --help                 print this

            A line of the report, times in UTC:
              req, resp         probes decided within the window, and those answered
              max_lat, min_lat  the longest and shortest time to an answer, in us
              mode              normal, or MAINTENANCE: then no analysis starts
              loss              probes that nobody answered in time: req - resp
            Lines of a datacenter add up all of its servers.

            Exit code: 0 stopped, 1 an address or port can't be used, 2 wrong command line
            or mistakes in FILE.
            {otherwise}
            """;
    }

    /// <summary>The help of the command that checks a configuration.</summary>
    public static string Config() => $"""
        Usage: {InvocationName.Default} config check FILE [OPTIONS]

        Reads a configuration and says everything that is wrong with it, each on a line
        of standard error: FILE:LINE:COLUMN: what is wrong, and what would be right.
        Starts nothing. docs/config.md has all keys.

              --name NAME  the file must have a server of this name
              --json       one JSON document on standard output instead
          -h, --help       print this

        Exit code: 0 sound, perhaps with warnings; 2 mistakes, or wrong command line.

        A server that is named config is written config:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the command that asks a node what is wrong.</summary>
    public static string Diagnose() => $"""
        Usage: {InvocationName.Default} {DiagnoseCommand.Name} [NODE] [OPTIONS]
               {InvocationName.Default} {DiagnoseCommand.Name} FILE... [OPTIONS]

        Asks a running node what is wrong in its mesh and what was within the last hour:
        the most important first, each with the numbers that say so and what to do.
        docs/verdicts.md explains each.

        NODE is written as ADDRESS, ADDRESS:PORT, [IPV6]:PORT, NAME or NAME:PORT; the
        port is that of its metrics ({MetricsBind.DefaultPort}). Without it this host's own is asked.

        FILE is what --log-file wrote on a node, or what meshmonitor, mehsh or this
        program printed there; all may be mixed. With the files of several nodes, the
        older FILE.1 too, it judges afterwards, as a node would have, by all that they
        saw; by console output, which has a figure for an interval of seconds, to
        within that interval and less sure. Order and names of the files do not matter
        where lines say whose they are: those of --log-file and mehsh do, meshmonitor's
        once at the start; else the file's name without ending is the node's, unless
        it is given as NODE=FILE. The clocks of the nodes have to agree within half a
        second. A word with a slash or an equals sign in it, or that is a file here,
        is taken as a FILE.

        meshmonitor prints local times without a date: they are taken in this host's
        zone (TZ), and end on the day when the file was last written, or --date.
        Times of mehsh are taken as UTC.

              --date DAY             the day of the last line of such files (2026-01-31)
              --json                 print the node's answer, {"{"}"version", "node", "now",
                                     "verdicts"{"}"}; of files node is "{FleetReplay.Judge}", and now
                                     when they end
              {AccessWords()}
          -h, --help                 print this

        Exit code: 0 the node answered or the files were read, whether something is
        wrong or not; 1 it did not, or has no verdicts (an original, an older node,
        --no-share), or a file can't be read, is none of these or none has anything to
        judge; 2 wrong command line. Lines that are damaged, or none of theirs, are
        passed over, and counted on standard error.

        A server that is named {DiagnoseCommand.Name} is written {DiagnoseCommand.Name}:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the command that shows what was.</summary>
    public static string History() => $"""
        Usage: {InvocationName.Default} {HistoryCommand.Name} [PEER] [OPTIONS]

        Shows what an agent that runs with --history has kept: loss and delay of a path
        at any time, second by second for an hour, in steps of ten for a day and of a
        minute for thirty. Longer steps are made by adding: a percentile is always that
        of all values in its step. The agent may run meanwhile, or not.

        PEER is where the path leads, or both ends as in 'a -> b'. Without it everything
        that is kept is listed.

              --from TIME    where to begin: as in 2026-05-01T03:00:00Z, or -90s, -30m,
                             -12h, -7d before now (-1h)
              --to TIME      where to end (now)
              --step SPAN    how long a step is, as in 10s or 5m; as short as is kept,
                             and as --points allows
              --points N     at most about so many steps ({HistoryArguments.TextPoints}; else {HistoryArguments.DataPoints})
              --kind KIND    path, heartbeat or check, where there are several (the
                             first of these that there is)
              --vitals       how the host was, instead of a path
              --events       what happened: joins, leaves, gaps, clock steps, notes
              --verdicts     what was judged, each change
              --file PLACE   the file, or a folder with one; unless given looked for in
                             $STATE_DIRECTORY, /var/lib/meshpulse and
                             ~/.local/state/meshpulse, the latest first
              --json         one JSON object
              --csv          comma-separated values, a line for each step
              --hlog         a histogram log for the tools of HdrHistogram
          -h, --help         print this

        Exit code: 0 shown, even where nothing is in the span; 1 no history, or none of
        that peer, or a file that can't be read; 2 wrong command line.

        A server that is named {HistoryCommand.Name} is written {HistoryCommand.Name}:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the probe command.</summary>
    public static string Probe() => $"""
        Usage: {InvocationName.Default} probe HOST[:PORT] [OPTIONS]

        A ping that sees both directions: how many packets were lost on the way there
        and on the way back, how long each way took and how sure that is, on which of
        several flows. Against anything that reflects STAMP, TWAMP Light or mehsh's
        pings. Ctrl-C ends it; the summary comes all the same.

          -c, --count N        packets over all flows (until stopped)
          -i, --interval MS    time between packets over all flows (100)
          -s, --size BYTES     UDP payload (72; authenticated 160; more with --tlvs;
                               twamp 44; udp_ping 18)
              --timeout MS     what has no reply by then is lost (1000)
              --flows N        source ports that take turns, up to {SoundingOptions.MaxFlows} (1)
              --protocol P     stamp, udp_ping or twamp (stamp)
              --mode M         unauthenticated or authenticated (as the key file says)
              --key-file FILE  one hexadecimal key on each line, # comments; the first
                               signs, all verify; nobody else may read the file
              --tlvs LIST      ask for more: location (from where the target sees us),
                               timestamp (what its clock is set by), direct (counts of
                               its own), access (report a working access), or all
          -Q, --dscp DSCP      code point of requests and replies: 0 to 63, or a name as
                               AF41, EF or CS1 (0)
          -4, --ipv4           IPv4 only
          -6, --ipv6           IPv6 only
          -n, --numeric        addresses are never looked up: changes nothing
              --portable       by sockets that every platform has: times are this
                               program's own, without the kernel's stamps
              --json           one JSON object at the end instead
          -h, --help           print this

        The port is {StampWire.Port} for stamp and twamp, {UdpPingWire.ReflectorPort} for udp_ping, which knows round trips
        only. The round trip is without the time that the reflector took.

        Exit code: 0 something answered, 1 nothing did, 2 wrong command line, a name
        that can't be resolved or a key file that can't be used.

        A server that is named probe is written probe:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the trace command.</summary>
    public static string Trace() => $"""
        Usage: {InvocationName.Default} {TraceCommand.Name} HOST [OPTIONS]

        The path to HOST hop by hop, for several flows: routers send packets that look
        alike the same way, so each flow keeps its ports and shows one way through
        parallel links. Loss and delay of each hop's answers. Needs no privileges.
        On a terminal the table is redrawn until Ctrl-C or -c; its last state stays.

          -c, --count N        rounds (until stopped; 10 with --json and without a
                               terminal); in a round each flow asks each hop once
          -i, --interval MS    time between rounds (1000 for each flow, which is one
                               probe a second at each hop: many routers answer no more)
              --flows N        flows that take turns, up to {TraceOptions.MaxFlows} (4)
              --protocol P     udp, icmp or tcp (udp)
              --port PORT      destination port ({TracingOptions.UdpPort}; tcp {TracingOptions.TcpPort})
              --source-ports P,...
                               the flows are those of these source ports: udp alone,
                               also ones from which an agent of this user probes;
                               empty for any
              --max-hops N     the highest TTL (30)
              --timeout MS     what has no answer by then is lost (1000; tcp up to {TracingOptions.LongestTcpTimeout.Milliseconds})
          -n, --numeric        look up no names
          -4, --ipv4           IPv4 only
          -6, --ipv6           IPv6 only
              --json           one JSON object at the end instead
          -h, --help           print this

        Routers limit how many such answers they give. Loss at a hop that the hops
        behind it do not have is no loss of traffic.

        Exit code: 0 anybody answered, 1 nobody did or the sockets were refused (icmp
        may need net.ipv4.ping_group_range or CAP_NET_RAW), 2 wrong command line or a
        name that can't be resolved.

        A server that is named {TraceCommand.Name} is written {TraceCommand.Name}:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the demonstration.</summary>
    public static string Demo() => $"""
        Usage: {InvocationName.Default} demo

        Starts five nodes on loopback addresses, which exchange heartbeats and ping one
        another; shows the mesh forming, the tables and the checks' lines, and plays
        three faults, one after the other: a node is frozen for 3 s, one is killed, one
        is stopped in order. After each it shows how the other nodes named it, with the
        numbers and the time it took. Ctrl-C ends it and leaves nothing behind.

        A server that is named demo is written demo:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the reflect command.</summary>
    public static string Reflect() => $"""
        Usage: {InvocationName.Default} {ReflectCommand.Name} [OPTIONS]

        Answers STAMP packets (RFC 8762, RFC 8972), and those of TWAMP Light, so that
        others can measure loss and delay to this host in each direction. Answers no
        more than it is asked, and never a reply.

              --listen [ADDRESS][:PORT]  where (all addresses, {ReflectBind.DefaultPort}); a port below
                                         1024 needs CAP_NET_BIND_SERVICE
              --key-file FILE            authenticated mode: a key on each line, in
                                         hexadecimal; # begins a comment. Any may sign
                                         requests. Readable for its owner alone
              --allow NETWORK            answer only those in it, as in 10.0.0.0/8
                                         (repeatable)
              --stateless                keep no sessions: senders then can't tell the
                                         direction of a loss
              --no-tlvs                  send back what follows the base packet as is,
                                         for TWAMP padding that looks like TLVs
          -m, --metrics-bind [HOST][:PORT]
                                         serve /metrics here (not unless given)
          -d, --disable-metrics          serve no metrics
              --json                     the summary as one JSON object
          -h, --help                     print this

        SIGINT or SIGTERM ends it with a summary on standard output: packets by what
        became of them, and sessions.

        Exit code: 0 stopped, 1 an address or port can't be used, 2 wrong command line
        or key file.

        A server that is named {ReflectCommand.Name} is written {ReflectCommand.Name}:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the sim command.</summary>
    public static string Sim() => $"""
        Usage: {InvocationName.Default} {SimCommand.Name} [OPTIONS]

        Tries the diagnosis: draws incidents, plays each in a simulated mesh of agents
        of its own, and compares what every agent says with what really happened. The
        agents' objects are the real ones; time and network are virtual, and a seed
        gives the same every time.

              --seed N         of the first incident; the others have the numbers
                               after it (1)
              --nodes N        agents of each mesh (8)
              --incidents N    how many are drawn, kind after kind (one of each)
              --kinds LIST     which kinds, as in path.loss,host.* or calm, in which
                               nothing happens and nothing may be said (all)
              --two-at-once P  in P percent of them another incident begins elsewhere
                               while the first one lasts (0)
              --sick-observer P
                               in P percent another node is held up all the time (0)
              --require P      fail where fewer than P percent were perfect
              --json           one JSON object, with every incident
          -h, --help           print this

        Prints a line for each incident that was not perfect, with the options that
        play it again, and a table: incidents drawn, found by somebody, named right by
        all agents that could know, verdicts that were false, and how long after it
        could be told half, and 99 of 100, agents had said the right name. Of two at
        once both count; a node that is held up or away itself need name no other.

        Exit code: 0 played, 1 below what was required, 2 wrong command line.

        A server that is named {SimCommand.Name} is written {SimCommand.Name}:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the maintenance command.</summary>
    public static string Maintenance() => $"""
        Usage: {InvocationName.Default} maintenance on|off|status [OPTIONS]

        Switches maintenance on or off for everything on this host that looks at the
        file, mehsh included, or says how it is. In maintenance no analysis starts and
        metrics send no loss. Running agents notice within a second.

              --for SPAN      with on: ends by itself, as in 90s, 30m, 1h30m or 2d
              --reason TEXT   with on: why
              --file PATH     the file ({MaintenanceFile.DefaultPath})
              --json          print {"{"}"maintenance", "reason", "since", "until", "file"{"}"}
          -h, --help          print this

        touch and rm on the file do the same as on and off without options. Whoever of
        ours finds an expired file removes it; mehsh alone goes by its existence.

        Exit code: 0 done or said, 1 the file can't be made or removed, 2 wrong command
        line. status exits 0 whether it is on or off.

        """;

    /// <summary>The help of the status command.</summary>
    public static string Status() => $"""
        Usage: {InvocationName.Default} {StatusCommand.Name} [NODE] [OPTIONS]

        Asks a running node how its mesh is, and says it in one line, for monitoring
        systems: what is wrong, the most urgent first, and figures behind a bar.

        {NodeWords()}

              --json                 print the same as one object
              {AccessWords()}
          -h, --help                 print this

        Exit code: 0 ok; 1 warning: something is to be looked at; 2 critical: a host, a
        path or a datacenter is cut off; 3 unknown: the node does not answer, knows no
        other node, can't judge now, or the command line is wrong. What was done on
        purpose (a node stopped in order, maintenance) is ok.

        A server that is named {StatusCommand.Name} is written {StatusCommand.Name}:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the matrix command.</summary>
    public static string Matrix() => $"""
        Usage: {InvocationName.Default} {MatrixCommand.Name} [NODE] [OPTIONS]

        Asks a running node for every ordered pair of its mesh and prints it once: who
        sends in lines, who receives in columns. On a terminal that is too narrow for
        figures each cell is one sign.

        {NodeWords()}

          -s, --show FIGURE          loss: the share lost (the default); p50, p99:
                                     delay; ratio: the p50 against the usual one
              --csv                  a line for each pair, all figures (RFC 4180)
              --json                 the same as one object
              {AccessWords()}
          -h, --help                 print this

        Figures are of the last two seconds, exact to 8 %. "-" is no data, "cut" that
        nothing arrives, "!" behind a figure that a verdict concerns it.

        Exit code: 0 the node answered, 1 it did not, 2 wrong command line.

        A server that is named {MatrixCommand.Name} is written {MatrixCommand.Name}:{HostPort.DefaultPort}.

        """;

    /// <summary>The help of the top command.</summary>
    public static string Top() => $"""
        Usage: {InvocationName.Default} {TopCommand.Name} [NODE] [OPTIONS]

        Shows what is wrong in a mesh and every ordered pair of it, live, as a running
        node sees them. Needs a terminal, of any size.

        {NodeWords()}

              {AccessWords()}
          -h, --help                 print this

        Keys: arrows or h j k l choose a cell, PgUp and PgDn go a screen further; c or
        tab shows loss, p50, p99 delay, p50 against the usual; v and V show the evidence
        of the next and the previous verdict; p or space holds the picture; ? explains
        the signs; q leaves.

        Exit code: 0 left, 1 there is no terminal, 2 wrong command line.

        A server that is named {TopCommand.Name} is written {TopCommand.Name}:{HostPort.DefaultPort}.

        """;

    private static string NodeWords() => $"""
        NODE is written as ADDRESS, ADDRESS:PORT, [IPV6]:PORT, NAME or NAME:PORT; the
        port is that of its metrics ({MetricsBind.DefaultPort}). Without it this host's own is asked.
        """;

    private static string AccessWords() =>
        "--api-token-file FILE  the token that the node wants to be told\n"
        + "      --tls                  ask it over TLS\n"
        + "      --tls-ca FILE          who signs its certificate (the system's); with TLS";
}
