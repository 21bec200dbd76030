using System.IO.Pipes;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Processes;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Analysis;

/// <summary>
/// One run of a command, from its head line to its end. It is over when the command's shell is: what the command left in
/// the background gets a moment, then SIGTERM, then SIGKILL. So it is with a command that takes too long, prints too much or outlives the
/// agent. Whatever goes wrong is told in a line.
/// </summary>
internal sealed class AnalysisRun
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    // A timer takes no more.
    private static readonly Duration s_longestLimit = Duration.FromSeconds(int.MaxValue / 1000);

    private readonly AnalysisDefinition _definition;
    private readonly AnalysisCause _cause;
    private readonly AnalysisSettings _settings;
    private readonly Action<string> _say;
    private readonly TaskCompletionSource _flooded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MonoTime _began = SystemClocks.Mono();
    private readonly WallTime _start = SystemClocks.Wall();
    private readonly PrintedText _printed = new();
    private AnalysisReport? _report;
    private long _listed;

    public AnalysisRun(AnalysisDefinition definition, AnalysisCause cause, AnalysisSettings settings, Action<string> say)
    {
        (_definition, _cause, _settings) = (definition, cause, settings);
        _say = line => say(LineCutter.OneLine(line));
    }

    private string Name => _definition.Name;

    /// <summary>Where bash is missing, sh does.</summary>
    private static string Shell => File.Exists("/bin/bash") ? "/bin/bash" : "/bin/sh";

    /// <summary>Runs it to its end, which <paramref name="stop"/> brings about as well.</summary>
    /// <returns>What became of it.</returns>
    public async Task<FinishedAnalysis> RunAsync(CancellationToken stop)
    {
        _say($"preparing analysis {Name} from: {_definition.From.Name} to: {_definition.To.Name}");
        var command = PlaceholderText.Fill(_definition.Command, _definition.From, _definition.To, _cause.Variables);
        OpenReport(command);
        try
        {
            var outcome = await RunAsync(command, stop);
            if (outcome != Outcome.Success)
            {
                _say($"analysis tool failed with exit code {outcome}");
            }

            var length = SystemClocks.Mono() - _began;
            _report?.WriteNote($"ended {Time(SystemClocks.Wall())} after {length}: exit code {outcome}");
            _say($"analysis {Name} finished");
            TellReport();
            return Finished(outcome, length);
        }
        finally
        {
            _report?.Dispose();
        }
    }

    private static string Time(WallTime time) => DateTime.UnixEpoch.AddTicks(time.Nanoseconds / 100).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static Task Elapsed(Duration span, CancellationToken cancellation = default) =>
        Task.Delay(TimeSpan.FromMilliseconds(Duration.Min(span, s_longestLimit).Milliseconds), cancellation);

    private void OpenReport(FilledCommand command)
    {
        try
        {
            _report = AnalysisReport.Create(_settings, _definition.Key, _start);
        }
        catch (IOException e)
        {
            _say($"analysis {Name} - no report: {e.Message}");
            return;
        }

        var (from, to) = (_definition.From, _definition.To);
        _report.WriteNote($"analysis {Name} from {from.Name} ({from.Ip}) to {to.Name} ({to.Ip})");
        _report.WriteNote($"started {Time(_start)}: {_cause}");
        _report.WriteNote($"command: {command.Text}");
        foreach (var variable in command.Used)
        {
            _report.WriteNote($"{variable}={command.Variables[variable]}");
        }

        _report.Write("\n"u8);
    }

    private FinishedAnalysis Finished(Outcome outcome, Duration length)
    {
        var ending = LineCutter.OneLine($"exit code {outcome}");
        return new FinishedAnalysis(
            Name, _definition.From, _definition.To, LineCutter.OneLine($"{_cause}"), _start, length, outcome.ExitCode, ending, _report?.Path,
            _printed.With($"after {length}: {ending}"))
        {
            HasSucceeded = outcome == Outcome.Success,
        };
    }

    private void TellReport()
    {
        if (_report is null)
        {
            return;
        }

        _say(_report.Failure is { } failure
            ? $"analysis {Name} - report {_report.Path} is not whole: {failure}"
            : $"analysis {Name} - wrote report to {_report.Path}");
    }

    private async Task<Outcome> RunAsync(FilledCommand command, CancellationToken stop)
    {
        ProcessGroup group;
        try
        {
            group = ProcessGroup.Start(Shell, command.Text, OwnProgram.AddTo(command.Variables, Environment.GetEnvironmentVariable));
        }
        catch (ProcessStartException e)
        {
            // What a shell says where it can't start something.
            return new Outcome(126, e.Message);
        }

        _say($"analysis {Name} started - from {_definition.From.Name} to {_definition.To.Name}.");
        var leader = Task.Factory.StartNew(group.WaitForLeader, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            using var output = new AnonymousPipeClientStream(PipeDirection.In, group.Output);
            using var enough = new CancellationTokenSource();
            var pump = PumpAsync(output, enough.Token);
            var cause = await WaitAsync(group, leader, pump, stop);
            await Task.WhenAny(pump, Task.Delay(s_lastWords, CancellationToken.None));
            await enough.CancelAsync();
            await pump;
            return leader.IsCompleted ? new Outcome((await leader).ExitCode, cause) : new Outcome(null, $"{cause}, and it did not end when killed");
        }
        finally
        {
            group.Kill();
            // Giving the group back waits for its leader, and one that hangs in the kernel may take for ever.
            _ = leader.ContinueWith(_ => group.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Waits until the group is over or ended; gives why it was ended, null where the leader ended by itself.</summary>
    private async Task<string?> WaitAsync(ProcessGroup group, Task<ProcessEnd> leader, Task pump, CancellationToken stop)
    {
        string? cause = null;
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            var limit = Elapsed(_definition.TimeLimit, over.Token);
            await Task.WhenAny(leader, limit, _flooded.Task);
            cause = leader.IsCompleted ? null
                : stop.IsCancellationRequested ? "the agent stops"
                : _flooded.Task.IsCompleted ? $"ended after {_settings.MaxOutputBytes} bytes of output"
                : $"ended at its time limit of {_definition.TimeLimit}";
            await over.CancelAsync();
        }

        if (cause is null)
        {
            await Task.WhenAny(pump, Elapsed(_settings.Settle, CancellationToken.None));
        }

        if (!leader.IsCompleted || !pump.IsCompleted)
        {
            group.Terminate();
            await Task.WhenAny(Task.WhenAll(leader, pump), Elapsed(stop.IsCancellationRequested ? _settings.StopGrace : _settings.Grace, CancellationToken.None));
        }

        group.Kill();
        await Task.WhenAny(leader, Task.Delay(s_lastWords, CancellationToken.None));
        return cause;
    }

    private async Task PumpAsync(Stream output, CancellationToken enough)
    {
        var lines = new LineCutter(Take);
        var buffer = new byte[32 * 1024];
        var room = _settings.MaxOutputBytes;
        try
        {
            int read;
            while ((read = await output.ReadAsync(buffer, enough)) > 0)
            {
                var kept = buffer.AsSpan(0, Math.Min(read, room));
                room -= kept.Length;
                _report?.Write(kept);
                if (_listed <= _settings.MaxListedLines || !_printed.IsFull)
                {
                    lines.Take(kept);
                }

                if (kept.Length < read && _flooded.TrySetResult())
                {
                    _report?.WriteNote($"cut here: more than {_settings.MaxOutputBytes} bytes");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody who left the group still holds the pipe.
        }

        lines.End();
    }

    private void Take(string line)
    {
        _printed.Add(line);
        List(line);
    }

    private void List(string line)
    {
        if (_listed < _settings.MaxListedLines)
        {
            _say($"analysis {Name} - output: {line}");
        }
        else if (_listed == _settings.MaxListedLines)
        {
            _say($"analysis {Name} - output: (more than {_settings.MaxListedLines} lines; {(_report is null ? "the rest is lost" : $"the rest is in {_report.Path}")})");
        }

        _listed++;
    }

    /// <summary>How a run came out, as it is told.</summary>
    private sealed record Outcome(int? ExitCode, string? Cause)
    {
        public static readonly Outcome Success = new(0, null);

        public override string ToString() => $"{ExitCode?.ToString() ?? "unknown"}{(Cause is null ? "" : $" ({Cause})")}";
    }
}
