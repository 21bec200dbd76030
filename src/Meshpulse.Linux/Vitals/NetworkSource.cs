using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Linux.Vitals;

/// <summary>What the network stack of our namespace lost or repeated: four files of proc_net(5).</summary>
internal sealed class NetworkSource(string proc) : IDisposable
{
    private readonly SourceFile _softnet = new($"{proc}/net/softnet_stat");
    private readonly SourceFile _dev = new($"{proc}/net/dev");
    private readonly SourceFile _snmp = new($"{proc}/net/snmp");
    private readonly SourceFile _snmp6 = new($"{proc}/net/snmp6");

    /// <summary>How many CPUs the last reading's softnet figures are of.</summary>
    public int SoftnetCpus { get; private set; }

    /// <summary>A number that belongs to the interfaces of the last reading.</summary>
    public long Interfaces { get; private set; }

    /// <summary>Totals; what our own sockets dropped is not among them.</summary>
    public NetworkTrouble Read(Span<byte> buffer, MonoTime now, List<string> missing)
    {
        var softnet = NetworkText.Softnet(_softnet.Read(buffer, now), out var cpus);
        var errors = NetworkText.InterfaceErrors(_dev.Read(buffer, now), out var interfaces);
        (SoftnetCpus, Interfaces) = (cpus, interfaces);
        // Two files in one buffer: each is some kilobytes.
        var snmp = _snmp.Read(buffer[..(buffer.Length / 2)], now);
        var snmp6 = _snmp6.Read(buffer[(buffer.Length / 2)..], now);
        var udp = NetworkText.Udp(snmp, snmp6, "InErrors"u8);
        var full = NetworkText.Udp(snmp, snmp6, "RcvbufErrors"u8);
        var retransmits = NetworkText.Snmp(snmp, "Tcp:"u8, "RetransSegs"u8);
        Note(missing, "net/softnet_stat", softnet is null, _softnet);
        Note(missing, "net/dev", errors is null, _dev);
        Note(missing, "net/snmp.udp", udp is null, _snmp);
        Note(missing, "net/snmp.tcp", retransmits is null, _snmp);
        return new NetworkTrouble(softnet?.Drops, softnet?.Squeezes, errors, udp, retransmits, null) { UdpBufferErrors = full };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _softnet.Dispose();
        _dev.Dispose();
        _snmp.Dispose();
        _snmp6.Dispose();
    }

    private static void Note(List<string> missing, string name, bool isMissing, SourceFile file)
    {
        if (isMissing)
        {
            missing.Add($"{name}: {HostReader.Reason(file.Error)}");
        }
    }
}
