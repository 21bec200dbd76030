using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Cli.Commands;

/// <summary>The report as JSON, by generated code: reflection would not outlive trimming.</summary>
[JsonSerializable(typeof(ConfigCheckReport))]
internal sealed partial class ConfigCheckJson : JsonSerializerContext
{
    // Relaxed: the text goes to a terminal or a program, not into HTML, and quotes in messages should be readable.
    private static readonly ConfigCheckJson s_readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>One document, indented, without a line end behind it.</summary>
    public static string Print(ConfigCheckReport report) => JsonSerializer.Serialize(report, s_readable.ConfigCheckReport);
}
