using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Config;

/// <summary>Reads <c>[[server]]</c> blocks.</summary>
internal sealed class ServerReader(LandscapeSettings settings, bool sendsToAgent, ConfigDiagnostics diagnostics)
{
    // For a server whose address is missing or wrong: the rest of the file can still be checked, and nobody sees it.
    private readonly ServerAddress _standIn = new("0.0.0.0", IpFamily.V4, NodeEndpoint.FromBytes([0, 0, 0, 0], 1), 1, hasOwnPort: true);

    /// <summary>Reads a block.</summary>
    public ServerDraft Read(ConfigTable block)
    {
        block.RefuseUnknown();
        var name = ReadName(block);
        var address = ReadAddress(block);
        var groups = block.Texts("groups");
        var definition = new ServerDefinition
        {
            Name = name?.Value ?? "",
            Address = address ?? _standIn,
            Datacenter = ReadDatacenter(block),
            Groups = [.. groups.Select(group => group.Value).Distinct(StringComparer.Ordinal)],
            Extra1 = ReadExtra(block, "extra1"),
            Extra2 = ReadExtra(block, "extra2"),
            Extra3 = ReadExtra(block, "extra3"),
            SendsToAgent = block.Flag("serverdensity_udp_agent") ?? sendsToAgent,
        };
        return new ServerDraft(block, name, definition, groups, address is not null);
    }

    private Placed<string>? ReadName(ConfigTable block)
    {
        if (!block.Has("identifier"))
            block.Require("name");
        else if (block.Has("name"))
            diagnostics.Refuse(block.PositionOf("identifier"), "identifier is another word for name; give one of them");
        var name = block.Name("name");
        var identifier = block.Name("identifier");
        return name ?? identifier;
    }

    private ServerAddress? ReadAddress(ConfigTable block)
    {
        block.Require("ip");
        if (block.Text("ip") is not { } text)
            return null;
        if (!ServerAddress.TryParse(text.Value, settings.Port, out var address, out var problem))
            diagnostics.Refuse(text.Position, $"ip {ConfigText.Quote(text.Value)} {problem}");
        return address;
    }

    private string? ReadDatacenter(ConfigTable block)
    {
        // Empty names and parts are only doubtful: the original reads them.
        if (block.Text("datacenter") is not { } text)
            return null;
        if (text.Value.Length == 0)
        {
            diagnostics.Warn(text.Position, $"datacenter is empty; the server counts for {DatacenterPrefixes.None}, as without the key");
            return null;
        }

        if (ConfigText.FaultInName(text.Value) is { } fault)
            diagnostics.Refuse(text.Position, $"datacenter {fault}");
        else if (text.Value.Split('.').Contains("", StringComparer.Ordinal))
            diagnostics.Warn(text.Position, $"datacenter {ConfigText.Quote(text.Value)} has an empty part between its dots; that is no level of its own");
        return text.Value;
    }

    private string? ReadExtra(ConfigTable block, string key)
    {
        if (block.Text(key) is not { } text)
            return null;
        if (text.Value.Contains('\0'))
            diagnostics.Refuse(text.Position, $"{key} holds a NUL, which no command can be given");
        return text.Value;
    }
}
