using Meshpulse.Core.Probing.Stamp;

namespace Meshpulse.Cli.Commands;

/// <summary>What STAMP's TLVs are called on the command line and in output.</summary>
internal static class TlvNames
{
    private const string All = "all";

    private static readonly (string Name, StampTlvSet Tlv)[] s_names =
    [
        ("location", StampTlvSet.Location),
        ("timestamp", StampTlvSet.TimestampInformation),
        ("direct", StampTlvSet.DirectMeasurement),
        ("access", StampTlvSet.AccessReport),
        ("class_of_service", StampTlvSet.ClassOfService),
        ("follow_up", StampTlvSet.FollowUpTelemetry),
    ];

    /// <summary>The names of a set, always in the same order.</summary>
    public static IEnumerable<string> Of(StampTlvSet tlvs) => s_names.Where(n => tlvs.HasFlag(n.Tlv)).Select(n => n.Name);

    /// <summary>Reads names with commas between them, or <c>all</c>; only those that have to be asked for.</summary>
    /// <exception cref="UsageException">There is no such name.</exception>
    public static StampTlvSet Read(string spelling, string text)
    {
        var tlvs = StampTlvSet.None;
        foreach (var name in text.Split(','))
        {
            var found = name == All ? StampTlvSet.Optional : s_names.FirstOrDefault(n => n.Name == name).Tlv & StampTlvSet.Optional;
            tlvs |= found != StampTlvSet.None
                ? found
                : throw new UsageException($"{spelling} {UsageException.Echo(name)}: not known; it is {string.Join(", ", Of(StampTlvSet.Optional))} or {All}");
        }

        return tlvs;
    }
}
