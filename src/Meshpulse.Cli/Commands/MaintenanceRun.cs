using System.Globalization;
using System.Text;
using System.Text.Json;
using Meshpulse.Agent.Maintenance;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Cli.Commands;

/// <summary>Switches maintenance on or off, or says how it is.</summary>
internal sealed class MaintenanceRun(TextWriter output, TextWriter error)
{
    /// <summary>0 where it was done, whatever the state; 1 where the file can't be made or removed.</summary>
    public async Task<int> RunAsync(MaintenanceArguments arguments)
    {
        var file = new MaintenanceFile(arguments.File);
        try
        {
            var now = SystemClocks.Wall();
            var state = Do(file, arguments, now);
            await output.WriteAsync(arguments.Json ? Json(state, arguments.File) : Text(state, arguments.File));
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteAsync($"{InvocationName.Default}: {MaintenanceCommand.Name}: {UsageException.Echo(arguments.File)}: {SingleLine.Of(e.Message)}\n");
            return 1;
        }
    }

    private static MaintenanceState Do(MaintenanceFile file, MaintenanceArguments arguments, WallTime now)
    {
        switch (arguments.Verb)
        {
            case MaintenanceVerb.On:
                return file.TurnOn(arguments.Reason, arguments.For is { } length ? now + length : null, now);
            case MaintenanceVerb.Off:
                _ = file.TurnOff();
                return MaintenanceState.Off;
            default:
                return file.Read(now);
        }
    }

    private static string Text(MaintenanceState state, string file)
    {
        if (!state.IsOn)
        {
            return "maintenance is off\n";
        }

        var since = state.Since is { } start ? $" since {Time(start)}" : "";
        var until = state.Until is { } end ? $" until {Time(end)}" : ", without end";
        var reason = state.Reason is { } why ? $": {SingleLine.Of(why)}" : "";
        return $"maintenance is on{since}{until}{reason} ({SingleLine.Of(file)})\n";
    }

    private static string Json(MaintenanceState state, string file)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            MaintenanceFile.WriteJson(json, state);
            json.WriteString("file", file);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static string Time(WallTime time) =>
        DateTime.UnixEpoch.AddTicks(time.Nanoseconds / 100).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
