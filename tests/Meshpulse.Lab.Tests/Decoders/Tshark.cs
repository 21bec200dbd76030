using System.Text.RegularExpressions;
using System.Xml.Linq;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Decoders;

/// <summary>Has tshark take a capture apart.</summary>
internal static partial class Tshark
{
    /// <summary>The fields of TWAMP-Test in each packet, in their order. Skips the test where there is no tshark.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<XElement>>> DecodeAsync(PacketCapture capture)
    {
        var tshark = Tool.Require("tshark", "tshark");
        var (exit, output) = await Tool.RunAsync([tshark, "-n", "-r", capture.Name, "-d", "udp.port==862,twamp.test", "-T", "pdml"]);
        // As root it also warns, on the other stream.
        var (start, end) = (output.IndexOf("<pdml", StringComparison.Ordinal), output.IndexOf("</pdml>", StringComparison.Ordinal));
        Assert.True(exit == 0 && start >= 0 && end > start, output);
        var packets = XElement.Parse(output[start..(end + "</pdml>".Length)]).Elements("packet").ToList();
        Assert.All(packets, packet => Assert.DoesNotContain(packet.Elements("proto"), proto => (string?)proto.Attribute("name") is "_ws.malformed"));
        return [.. packets.Select(packet =>
            packet.Elements("proto").Single(proto => (string?)proto.Attribute("name") == "twamp.test").Descendants("field").ToList())];
    }

    /// <summary>The bytes of a field, in hexadecimal; empty where it is not there.</summary>
    public static string Bytes(this IReadOnlyList<XElement> fields, string name) => (string?)fields.Named(name)?.Attribute("value") ?? "";

    /// <summary>A whole number.</summary>
    public static string Number(this IReadOnlyList<XElement> fields, string name) => (string?)fields.Named(name)?.Attribute("show") ?? "";

    /// <summary>An error estimate: S, Z, scale, multiplier.</summary>
    public static string Estimate(this IReadOnlyList<XElement> fields, string name)
    {
        var inner = fields.Named(name)?.Elements("field").ToList() ?? [];
        return string.Join('/', new[] { "s", "z", "scale", "multiplier" }.Select(part => inner.Number("error_estimate." + part)));
    }

    /// <summary>Nanoseconds within the hour of a time, of whatever zone; -1 where it is not there.</summary>
    public static long Clock(this IReadOnlyList<XElement> fields, string name)
    {
        var match = Time().Match(fields.Number(name));
        return match.Success ? (((Part("minutes") * 60) + Part("seconds")) * 1_000_000_000) + Part("fraction") : -1;
        long Part(string group) => long.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static XElement? Named(this IReadOnlyList<XElement> fields, string name) =>
        fields.FirstOrDefault(field => (string?)field.Attribute("name") == "twamp.test." + name);

    [GeneratedRegex("[0-9]{2}:(?<minutes>[0-9]{2}):(?<seconds>[0-9]{2})[.](?<fraction>[0-9]{9})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Time();
}
