namespace Meshpulse.Lab.Reports;

/// <summary>A line of figures that <c>meshpulse check</c> wrote.</summary>
/// <param name="Check">The kind, as the file calls it.</param>
/// <param name="IsServer">A pair of servers; else a sum by datacenter.</param>
/// <param name="From">Who probes.</param>
/// <param name="To">Who is probed.</param>
/// <param name="Ip">The address of a server; empty for a datacenter.</param>
/// <param name="Requests">Requests decided within the window.</param>
/// <param name="Responses">Of these, the ones answered.</param>
/// <param name="Max">The longest latency in microseconds; null where nothing answered.</param>
/// <param name="Min">The shortest.</param>
/// <param name="IsMaintenance">The mode.</param>
/// <param name="Loss">Requests not answered.</param>
/// <param name="Tail">What a kind other than udp_ping has behind it: <c>port: 80</c>, or of HTTP all from <c>url:</c> on.</param>
/// <param name="Directions">What STAMP tells behind its port; null for the other kinds and for datacenters.</param>
internal sealed record CheckRow(
    string Check,
    bool IsServer,
    string From,
    string To,
    string Ip,
    long Requests,
    long Responses,
    long? Max,
    long? Min,
    bool IsMaintenance,
    long Loss,
    string Tail = "",
    CheckDirections? Directions = null)
{
    /// <summary>What tells the lines of one report apart.</summary>
    public string Key => $"{Check} {(IsServer ? "server" : "datacenter")} {From} -> {To} {(Check == "http" ? Tail.Split(',')[0] : Tail)}".TrimEnd();

    /// <summary>The pair or the datacenters alone, as in <c>web1 -> db1</c>.</summary>
    public string Path => $"{From} -> {To}";
}
