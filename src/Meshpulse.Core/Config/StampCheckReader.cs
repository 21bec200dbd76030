namespace Meshpulse.Core.Config;

/// <summary>Reads the keys of <c>[[check]]</c> that the kind STAMP alone has.</summary>
internal sealed class StampCheckReader(LandscapeSettings settings, ConfigTable top, ConfigDiagnostics diagnostics)
{
    /// <summary>The keys.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["flows", "dscp_sweep", "mtu_probe", "key_file", "authenticated"];

    /// <summary>Reads them, and tells where the block names a file of keys that is used.</summary>
    public (StampCheckSettings Settings, KeyFilePlace? KeyFile) Read(ConfigTable block)
    {
        var defaults = new StampCheckSettings();
        var keyFile = block.FilePath("key_file");
        var isAuthenticated = IsAuthenticated(block);
        var read = new StampCheckSettings
        {
            Flows = block.Integer("flows", 1, StampCheckSettings.MostFlows)?.Value ?? defaults.Flows,
            DscpSweep = block.Dscps("dscp_sweep", StampCheckSettings.MostDscpSweep),
            MtuProbe = block.FlagOrInteger("mtu_probe", StampCheckSettings.DefaultMtu, StampCheckSettings.SmallestMtu, StampCheckSettings.LargestMtu),
            KeyFile = !isAuthenticated ? null : block.Has("key_file") ? keyFile?.Value : settings.StampKeyFile,
        };
        return (read, isAuthenticated && keyFile is { } own ? new KeyFilePlace(own.Position, "key_file", own.Value) : null);
    }

    // A path that is none has been reported, and counts as one here.
    private bool IsAuthenticated(ConfigTable block)
    {
        var hasKeys = block.Has("key_file") || top.Has("stamp_key_file");
        var wanted = block.Flag("authenticated");
        if (wanted == true && !hasKeys)
            diagnostics.Refuse(block.ValueOf("authenticated"), $"authenticated needs keys: a key_file here, as in {ConfigSection.Example("key_file")}, or a stamp_key_file at the top level");
        if (wanted == false && block.Has("key_file"))
            diagnostics.Warn(block.PositionOf("key_file"), "key_file does nothing in a check that is not authenticated");
        return wanted ?? hasKeys;
    }
}
