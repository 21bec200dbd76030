using Meshpulse.Agent.History;
using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Commands;

/// <summary>The history command itself: finds the file, asks it, prints.</summary>
internal sealed class HistoryRun(TextWriter output, TextWriter error)
{
    private const int MostNotes = 10_000;

    /// <summary>0 where something could be shown, 1 where not.</summary>
    public async Task<int> RunAsync(HistoryArguments arguments, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var file = "";
        try
        {
            if (Find(arguments.Place) is not { } found)
            {
                return await FailAsync(arguments.Place is { } place
                    ? $"{place}: there is no history"
                    : $"no history is kept on this host, or not in {string.Join(", ", HistoryPlace.UsualFolders)}; agents keep one with --history PLACE, and --file PLACE shows it");
            }

            file = found;
            using var reader = HistoryReader.Open(file);
            var code = await ShowAsync(reader, arguments, stop);
            if (reader.Unreadable > 0)
            {
                await SayAsync($"{file}: {reader.Unreadable} {(reader.Unreadable == 1 ? "row is" : "rows are")} damaged and passed over");
            }

            return code;
        }
        catch (HistoryFileException e)
        {
            return await FailAsync(e.Fault == HistoryFileFault.NoLibrary ? e.Message : $"{file} {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(e.Message);
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }

    private static string? Find(string? place)
    {
        if (place is not null)
        {
            return HistoryPlace.FilesIn(place) is [var file, ..] ? file : null;
        }

        foreach (var folder in HistoryPlace.UsualFolders)
        {
            if (HistoryPlace.FilesIn(folder) is [var file, ..])
            {
                return file;
            }
        }

        return null;
    }

    private async Task<int> ShowAsync(HistoryReader reader, HistoryArguments arguments, CancellationToken stop)
    {
        switch (arguments.Topic)
        {
            case HistoryTopic.Contents:
                await output.WriteAsync(HistoryContents.Of(reader, arguments.Format));
                return 0;
            case HistoryTopic.Events:
                await output.WriteAsync(HistoryNotes.Of(reader.Events(arguments.From, arguments.To, MostNotes), arguments.Format));
                return 0;
            case HistoryTopic.Verdicts:
                await output.WriteAsync(HistoryNotes.Of(reader.Verdicts(arguments.From, arguments.To, MostNotes), arguments.Format));
                return 0;
            case HistoryTopic.Vitals:
                return reader.Series().FirstOrDefault(s => s.Name.Kind == SeriesKind.Host) is { } host
                    ? await PrintAsync(reader, arguments, [host], stop)
                    : await FailAsync($"{reader.File} has no vitals");
            default:
                return await ShowPathsAsync(reader, arguments, stop);
        }
    }

    private async Task<int> ShowPathsAsync(HistoryReader reader, HistoryArguments arguments, CancellationToken stop)
    {
        var all = reader.Series();
        var series = all.Where(s => s.Name.Kind != SeriesKind.Host && IsMeant(s.Name, arguments.Peer!) && (arguments.Kind is null || arguments.Kind == s.Name.Kind)).ToList();
        if (series.Count == 0)
        {
            var known = all.Where(s => s.Name.Kind != SeriesKind.Host).Select(s => s.Name.Target).Distinct().Order(StringComparer.Ordinal).ToList();
            var there = known.Count == 0 ? "nothing is kept yet" : $"there are {string.Join(", ", known.Take(10))}{(known.Count > 10 ? ", and more" : "")}";
            return await FailAsync($"{reader.File} has nothing of {UsageException.Echo(arguments.Peer!)}; {there}");
        }

        // Paths before heartbeats before checks: they know most.
        var kind = series.Min(s => s.Name.Kind);
        return await PrintAsync(reader, arguments, [.. series.Where(s => s.Name.Kind == kind)], stop);
    }

    private async Task<int> PrintAsync(HistoryReader reader, HistoryArguments arguments, List<HistorySeries> series, CancellationToken stop)
    {
        var answers = series.ConvertAll(s => reader.Windows(s, arguments.From, arguments.To, arguments.Points, arguments.Step, stop));
        await output.WriteAsync(arguments.Format switch
        {
            HistoryFormat.Json => HistoryJson.Of(reader.Node, answers),
            HistoryFormat.Csv => HistoryCsv.Of(answers),
            HistoryFormat.Hlog => HistoryLogText.Of(answers),
            _ => HistoryText.Of(answers),
        });
        return 0;
    }

    private static bool IsMeant(SeriesName name, string peer) => name.Target == peer || $"{name.Source} -> {name.Target}" == peer || name.ToString() == peer;

    private async Task<int> FailAsync(string reason)
    {
        await SayAsync(reason);
        return 1;
    }

    private Task SayAsync(string text) => error.WriteAsync($"{InvocationName.Default}: {HistoryCommand.Name}: {SingleLine.Of(text)}\n");
}
