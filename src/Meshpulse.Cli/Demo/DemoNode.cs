using System.Diagnostics;
using Meshpulse.Linux.Processes;

namespace Meshpulse.Cli.Demo;

/// <summary>One node of the demonstration: this same program as a process of its own.</summary>
internal sealed class DemoNode : IDisposable
{
    /// <summary>Set for children: the end of their standard input, that is the end of their parent however it came, is a reason to stop.</summary>
    public const string StopWithInputVariable = "MESHPULSE_STOP_WITH_INPUT";

    private const int LinesOfTable = 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Action<string> _onLine;
    private readonly Lock _gate = new();
    private readonly List<string> _table = [];
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private bool _wasEnded;

    /// <summary>Starts it.</summary>
    /// <param name="address">Its identity; its metrics are at port 12223 of the same address.</param>
    /// <param name="arguments">What it is started with.</param>
    /// <param name="colour">Have it colour its table, though it writes into a pipe.</param>
    /// <param name="onLine">Told each line that it prints.</param>
    public DemoNode(string address, IEnumerable<string> arguments, bool colour, Action<string> onLine)
    {
        Address = address;
        _onLine = onLine;
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[StopWithInputVariable] = "1";
        start.Environment["CLICOLOR_FORCE"] = colour ? "1" : "0";
        _process = Process.Start(start)!;
        _reading = ReadAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public string Address { get; }

    /// <summary>It ended by itself: neither <see cref="Kill"/> nor <see cref="Stop"/> is the reason.</summary>
    public bool HasFailed => !_wasEnded && _process.HasExited;

    /// <summary>The latest whole table, with its "Connected to" line.</summary>
    public IReadOnlyList<string> LatestTable { get; private set; } = [];

    /// <summary>How many tables it has printed.</summary>
    public int Tables { get; private set; }

    public void Freeze() => _ = ProcessSignals.Freeze(_process.Id);

    public void Thaw() => _ = ProcessSignals.Thaw(_process.Id);

    /// <summary>Ends it without a word (SIGKILL).</summary>
    public void Kill()
    {
        _wasEnded = true;
        _process.Kill();
    }

    /// <summary>Asks it to stop (SIGTERM).</summary>
    public void Stop()
    {
        _wasEnded = true;
        _ = ProcessSignals.Terminate(_process.Id);
    }

    /// <summary>Why it ended, in its own words.</summary>
    public async Task<string> LastWordsAsync() => (await _errors).Trim();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Thaw();
            _ = ProcessSignals.Terminate(_process.Id);
            if (!_process.WaitForExit(s_patience))
            {
                _process.Kill();
            }
        }

        _reading.Wait(s_patience);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                Keep(line);
            }

            _onLine(line);
        }
    }

    /// <summary>A table begins with its "Connected to" line, has two lines of header and as many rows as that line says.</summary>
    private void Keep(string line)
    {
        if (line.Contains("Connected to ", StringComparison.Ordinal))
        {
            _table.Clear();
        }

        if (_table.Count < LinesOfTable)
        {
            _table.Add(line);
        }

        if (_table.Count == DemoRun.NodeCount + 2 && _table[0].Contains($"Connected to {DemoRun.NodeCount - 1} ", StringComparison.Ordinal))
        {
            LatestTable = [.. _table];
            Tables++;
        }
    }
}
