using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>What the types of single fields can't refuse in a batch that was read, and what is missing in it.</summary>
internal static class SliceReview
{
    private static readonly Duration s_longestSlice = Duration.FromSeconds(86_400);

    /// <summary>Why a batch is refused; null where nothing is wrong with it.</summary>
    public static string? FaultIn(SliceBatch batch)
    {
        if (batch.Version != SliceBatch.CurrentVersion)
        {
            return "of another version";
        }

        if (!BoundedText.IsName(batch.Node) || batch.Slices is null)
        {
            return "without a node or slices";
        }

        return batch.Slices.Select(slice => FaultIn(batch, slice)).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>Why a document of verdicts is refused; null where nothing is wrong with it.</summary>
    public static string? FaultIn(VerdictDocument document) => document switch
    {
        { Version: not SliceBatch.CurrentVersion } => "of another version",
        { Verdicts: null } => "without verdicts",
        _ when !BoundedText.IsName(document.Node) => "without a node",
        _ when document.Verdicts.Any(v => v is { Id: null } or { What: null } or { Where: null or { Kind: null } } or { Evidence: null } or { Suggestion: null }) => "a verdict lacks something",
        _ when document.Verdicts.Any(v => v.Confidence is not (>= 0 and <= 1)) => "a confidence is none",
        _ when document.Verdicts.Any(v => v.Evidence.Any(e => e is { Node: null } or { Figure: null })) => "a piece of evidence lacks something",
        _ => null,
    };

    /// <summary>The same with empty lists for missing ones.</summary>
    public static SliceBatch Whole(SliceBatch batch) => batch with { Slices = [.. batch.Slices.Select(Whole)] };

    private static string? FaultIn(SliceBatch batch, NodeSlice slice)
    {
        if (slice.Node != batch.Node || slice.Run != batch.Run || slice.Number < 1)
        {
            return "a slice is of another node or run, or has no number";
        }

        if (slice.At.Mono < slice.From || slice.Length > s_longestSlice)
        {
            return "a slice ends before it begins, or is too long";
        }

        return slice.Datacenter is { } datacenter && !BoundedText.IsName(datacenter) ? "a datacenter's name can't be one" : null;
    }

    private static NodeSlice Whole(NodeSlice slice) => slice with { Host = slice.Host is { } host ? Whole(host) : null, Peers = slice.Peers ?? [] };

    private static HostWindow Whole(HostWindow host) =>
        host.Stalls is null || host.Missing is null ? host with { Stalls = host.Stalls ?? [], Missing = host.Missing ?? [] } : host;
}
