using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Fleet.Logs;
using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Commands;

/// <summary>The diagnose command on files: judges by the logs of several nodes, and prints that as a node's answer is printed.</summary>
internal sealed class DiagnoseLogsRun(TextWriter output, TextWriter error)
{
    /// <summary>0 where the files could be read and had slices, whatever they say; 1 where not.</summary>
    public async Task<int> RunAsync(DiagnoseArguments arguments, CancellationToken stop)
    {
        var logs = new List<SliceLog>();
        try
        {
            foreach (var file in arguments.Files)
            {
                logs.Add(new SliceLog(file, Open(file)));
            }

            var replay = new FleetReplay();
            var document = await Task.Run(() => replay.Run(logs, stop), stop);
            await NoteAsync(logs, replay);
            if (replay.Nodes.Count == 0)
            {
                return await FailAsync($"{arguments.Files[0]}{(logs.Count > 1 ? " and the others" : "")}: nothing that --log-file writes is in it");
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

    private async Task NoteAsync(List<SliceLog> logs, FleetReplay replay)
    {
        foreach (var log in logs.Where(l => l.Damaged > 0))
        {
            await SayAsync($"{log.Name}: {log.Damaged} {(log.Damaged == 1 ? "line is" : "lines are")} damaged and passed over");
        }

        if (replay.Misplaced > 0)
        {
            await SayAsync($"slices that come after later ones in their file, passed over: {replay.Misplaced}");
        }
    }

    private async Task<int> FailAsync(string reason)
    {
        await SayAsync(reason);
        return 1;
    }

    private Task SayAsync(string text) => error.WriteAsync($"{InvocationName.Default}: {DiagnoseCommand.Name}: {SingleLine.Of(text)}\n");
}
