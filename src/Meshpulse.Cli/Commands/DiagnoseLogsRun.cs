using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Fleet.Logs;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Diagnosis.Transcripts;

namespace Meshpulse.Cli.Commands;

/// <summary>
/// The diagnose command on files: judges by the logs of several nodes, and by the console output of the originals, and prints that as a node's answer is printed.
/// </summary>
internal sealed class DiagnoseLogsRun(TextWriter output, TextWriter error)
{
    /// <summary>0 where the files could be read and had something to judge, whatever they say; 1 where not.</summary>
    public async Task<int> RunAsync(DiagnoseArguments arguments, CancellationToken stop)
    {
        var logs = new List<SliceLog>();
        var transcripts = new List<(TranscriptLog Log, LogOperand Of, DateTimeOffset Written)>();
        try
        {
            foreach (var operand in arguments.Files.Select(LogOperand.Of))
            {
                Open(operand, logs, transcripts);
            }

            var names = Begin(transcripts, arguments.Date);
            var replay = new FleetReplay();
            var document = await Task.Run(() => replay.Run(logs, [.. transcripts.Select(t => t.Log)], names, stop), stop);
            await NoteAsync(logs, [.. transcripts.Select(t => t.Log)], replay);
            if (replay.Nodes.Count == 0)
            {
                return await FailAsync($"{arguments.Files[0]}{(arguments.Files.Count > 1 ? " and the others" : "")}: nothing that {(transcripts.Count > 0 ? "can be judged" : "--log-file writes")} is in it");
            }

            await output.WriteAsync(arguments.Json
                ? System.Text.Encoding.UTF8.GetString(FleetJson.Write(document)) + "\n"
                : DiagnosisText.OfLogs(document, replay));
            return 0;
        }
        catch (IOException e)
        {
            return await FailAsync(e.Message);
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
        finally
        {
            logs.ForEach(log => log.Dispose());
            transcripts.ForEach(t => t.Log.Dispose());
        }
    }

    private static void Open(LogOperand operand, List<SliceLog> logs, List<(TranscriptLog Log, LogOperand Of, DateTimeOffset Written)> transcripts)
    {
        var stream = Open(operand.FilePath);
        var isTaken = false;
        try
        {
            // What can be read once only, such as a pipe, is what --log-file writes.
            if (!stream.CanSeek || !TranscriptLog.IsOne(stream, operand.FilePath))
            {
                logs.Add(new SliceLog(operand.FilePath, stream));
            }
            else
            {
                var written = File.GetLastWriteTimeUtc(stream.SafeFileHandle);
                transcripts.Add((new TranscriptLog(operand.FilePath, stream, operand.Node), operand, new DateTimeOffset(written, TimeSpan.Zero)));
            }

            isTaken = true;
        }
        finally
        {
            if (!isTaken)
            {
                stream.Dispose();
            }
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{file}: {e.Message}", e);
        }
    }

    /// <summary>Says of each whose it is, and from when.</summary>
    private static TranscriptNames? Begin(List<(TranscriptLog Log, LogOperand Of, DateTimeOffset Written)> transcripts, DateOnly? date)
    {
        if (transcripts.Count == 0)
        {
            return null;
        }

        var names = new TranscriptNames([.. transcripts.Select(t => (t.Log.Survey, t.Log.Given, t.Of.NameOfFile))]);
        for (var i = 0; i < transcripts.Count; i++)
        {
            var (log, _, written) = transcripts[i];
            log.Begin(names.Nodes[i], TranscriptDay.FirstMidnight(log.Survey, written, date, TimeZoneInfo.Local));
        }

        return names;
    }

    private async Task NoteAsync(List<SliceLog> logs, IReadOnlyList<TranscriptLog> transcripts, FleetReplay replay)
    {
        foreach (var log in logs.Where(l => l.Damaged > 0))
        {
            await SayAsync($"{log.Name}: {log.Damaged} {(log.Damaged == 1 ? "line is" : "lines are")} damaged and passed over");
        }

        foreach (var log in transcripts.Where(l => l.Survey.Unknown > 0))
        {
            var unknown = log.Survey.Unknown;
            await SayAsync($"{log.Name}:{log.Survey.FirstUnknown}: not a line of meshmonitor or mehsh; {unknown} such {(unknown == 1 ? "line is" : "lines are")} passed over");
        }

        if (replay.Misplaced > 0)
        {
            await SayAsync($"{(transcripts.Count > 0 ? "lines" : "slices")} that come after later ones in their file, passed over: {replay.Misplaced}");
        }
    }

    private async Task<int> FailAsync(string reason)
    {
        await SayAsync(reason);
        return 1;
    }

    private Task SayAsync(string text) => error.WriteAsync($"{InvocationName.Default}: {DiagnoseCommand.Name}: {SingleLine.Of(text)}\n");
}
