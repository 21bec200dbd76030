using Meshpulse.Core.Time;

namespace Meshpulse.Core.Config;

/// <summary>Reads <c>[[check]]</c> blocks.</summary>
internal sealed class CheckReader(LandscapeSettings settings, ConfigTable top, ConfigDiagnostics diagnostics)
{
    private readonly StampCheckReader _stamp = new(settings, top, diagnostics);

    /// <summary>Reads a block.</summary>
    public CheckDraft Read(ConfigTable block)
    {
        block.RefuseUnknown();
        block.Require("from");
        block.Require("to");
        block.Require("check");
        var from = block.Text("from");
        var to = block.Text("to");
        if (ReadKind(block) is not { } kind)
        {
            // Without the kind there are no bounds, but what the ends are called can be checked.
            return new CheckDraft(block, from, to, null);
        }

        var (stamp, keyFile) = ReadStamp(block, kind);
        var profile = CheckProfile.Of(kind, authenticated: stamp?.KeyFile is not null);
        var interval = block.Duration("interval", profile.ShortestInterval, CheckProfile.LongestInterval);
        var timeout = block.Duration("timeout", CheckProfile.ShortestTimeout, CheckProfile.LongestTimeout);
        var definition = new CheckDefinition
        {
            From = from?.Value ?? "",
            To = to?.Value ?? "",
            Kind = kind,
            HttpUrl = ReadUrl(block, kind),
            Port = ReadPort(block, kind),
            Interval = interval?.Value ?? profile.Interval,
            Timeout = timeout?.Value ?? profile.Timeout,
            Payload = ReadPayload(block, kind, profile),
            Dscp = block.Dscp("dscp") ?? 0,
            Stamp = stamp,
        };
        if (definition.Timeout.Nanoseconds / definition.Interval.Nanoseconds > CheckProfile.MostUnderWay)
            diagnostics.Refuse((timeout ?? interval)!.Value.Position, $"a timeout of {DurationText.Format(definition.Timeout)} at an interval of {DurationText.Format(definition.Interval)} leaves more than {CheckProfile.MostUnderWay} probes of each pair under way; make the timeout shorter or the interval longer");
        return new CheckDraft(block, from, to, definition) { KeyFile = keyFile };
    }

    private CheckKind? ReadKind(ConfigTable block)
    {
        if (block.Text("check") is not { } text)
            return null;
        if (CheckKinds.Find(text.Value) is { } kind)
            return kind;
        var known = ConfigText.List(CheckKinds.Names);
        diagnostics.Refuse(text.Position, NearestWord.Find(text.Value, CheckKinds.Names) is { } nearest
            ? $"unknown check {ConfigText.Quote(text.Value)}; did you mean '{nearest}'?"
            : $"unknown check {ConfigText.Quote(text.Value)}; there are {known}");
        return null;
    }

    private string? ReadUrl(ConfigTable block, CheckKind kind)
    {
        var url = block.Text("http_url");
        if (kind != CheckKind.Http)
        {
            WarnIdle(block, "http_url", kind);
            return null;
        }

        if (!block.Has("http_url"))
            diagnostics.Refuse(block.Position, $"this http check has no http_url; it needs one, as in {ConfigSection.Example("http_url")}");
        if (url is not { } text)
            return null;
        var template = PlaceholderTemplate.Parse(text.Value);
        PlaceholderReview.RefuseUnknown(template, text, "http_url", diagnostics);
        return text.Value;
    }

    private int? ReadPort(ConfigTable block, CheckKind kind)
    {
        var port = block.Integer("port", 1, ushort.MaxValue)?.Value;
        if (CheckKinds.HasPort(kind))
            return port ?? (kind == CheckKind.Stamp ? settings.StampPort : null);
        WarnIdle(block, "port", kind);
        return null;
    }

    private (StampCheckSettings? Settings, KeyFilePlace? KeyFile) ReadStamp(ConfigTable block, CheckKind kind)
    {
        if (kind == CheckKind.Stamp)
            return _stamp.Read(block);
        foreach (var key in StampCheckReader.Keys)
            WarnIdle(block, key, kind);
        return (null, null);
    }

    private int ReadPayload(ConfigTable block, CheckKind kind, CheckProfile profile)
    {
        if (profile.Payload > 0)
            return block.Integer("payload", profile.SmallestPayload, CheckProfile.LargestPayload)?.Value ?? profile.Payload;
        block.Integer("payload", 0, int.MaxValue);
        WarnIdle(block, "payload", kind);
        return 0;
    }

    private void WarnIdle(ConfigTable block, string key, CheckKind kind)
    {
        if (block.Has(key))
            diagnostics.Warn(block.PositionOf(key), $"{key} does nothing in a check of the kind {CheckKinds.NameOf(kind)}{(key == "port" && kind == CheckKind.UdpPing ? "; the port of a reflector stands in the server's ip, or at the top level" : "")}");
    }
}
