using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Api.Json;

/// <summary>The shapes of what the API answers, known when the program is built; <see cref="ApiJson"/> says how they are written.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(NodesDocument))]
[JsonSerializable(typeof(MatrixDocument))]
[JsonSerializable(typeof(MatrixChange))]
[JsonSerializable(typeof(RowDocument))]
[JsonSerializable(typeof(PathsDocument))]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(MissingEntry))]
[JsonSerializable(typeof(MatrixRowEntry))]
[JsonSerializable(typeof(PathEntry))]
[JsonSerializable(typeof(FlowEntry))]
[JsonSerializable(typeof(NodeEntry))]
[JsonSerializable(typeof(SettingEntry))]
internal sealed partial class ApiContext : JsonSerializerContext;
