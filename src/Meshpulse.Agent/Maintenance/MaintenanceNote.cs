using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Maintenance;

/// <summary>
/// What our own command writes into the maintenance file: one JSON object with <c>reason</c>, <c>since</c> and <c>until</c>, the times as of RFC 3339
/// in UTC. Any of them may be missing; whatever else stands in the file means maintenance without an end.
/// </summary>
internal static class MaintenanceNote
{
    // Those that DateTimeOffset can express, in nanoseconds, with a margin.
    private static readonly DateTimeOffset s_latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static byte[] Write(MaintenanceState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteTo(json, state);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Writes the three members; null for what is not known.</summary>
    public static void WriteTo(Utf8JsonWriter json, MaintenanceState state)
    {
        json.WriteString("reason", state.Reason);
        json.WriteString("since", Text(state.Since));
        json.WriteString("until", Text(state.Until));
    }

    public static MaintenanceState Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            return json.RootElement.ValueKind == JsonValueKind.Object ? Read(json.RootElement) : MaintenanceState.On;
        }
        catch (JsonException)
        {
            return MaintenanceState.On;
        }
        catch (InvalidOperationException)
        {
            // A string that is no Unicode.
            return MaintenanceState.On;
        }
    }

    private static MaintenanceState Read(JsonElement root) => new(true, Reason(Member(root, "reason")), Time(Member(root, "since")), Time(Member(root, "until")));

    private static string? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Anybody may have written the file, and the reason ends up on terminals.
    private static string? Reason(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var cut = text.Length > MaintenanceFile.LongestReason ? text[..MaintenanceFile.LongestReason] : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c));
    }

    private static WallTime? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time > DateTimeOffset.UnixEpoch && time < s_latest
            ? new WallTime((time - DateTimeOffset.UnixEpoch).Ticks * 100)
            : null;

    private static string? Text(WallTime? time) => time is { } known
        ? DateTime.UnixEpoch.AddTicks(known.Nanoseconds / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : null;
}
