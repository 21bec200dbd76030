using System.Diagnostics;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Fleet;
using Meshpulse.Linux.Terminals;

namespace Meshpulse.Cli.Commands;

/// <summary>
/// The top command itself: asks the node over and over, and paints what it says. It paints on the terminal's other screen and leaves the first as it was. A
/// node that does not answer stays on the screen as it was, with its age, and is asked again.
/// </summary>
/// <param name="output">The terminal.</param>
/// <param name="error">Where it is told why there is nothing to see.</param>
/// <param name="isColoured">Paint in colours.</param>
internal sealed class TopRun(TextWriter output, TextWriter error, bool isColoured)
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string EndOfLine = "\e[K";

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TopKeys _keys = new();
    private long _answeredAt;

    /// <summary>0 where the user left, 1 where there is no terminal.</summary>
    public async Task<int> RunAsync(TopArguments arguments, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        using var keyboard = TerminalKeyboard.TryOpen();
        if (keyboard is null || !TerminalWindow.TryGetSize(out _, out _))
        {
            return await FailAsync($"it needs a terminal; for pipes there is {InvocationName.Default} {MatrixCommand.Name}");
        }

        try
        {
            using var client = arguments.Node.Open();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var state = new TopState { Asked = arguments.Node.ToString() };
            var asking = AskAsync(client, state, end.Token);
            await output.WriteAsync(Enter);
            try
            {
                await Task.Run(() => Show(keyboard, state, end.Token), CancellationToken.None);
            }
            finally
            {
                await output.WriteAsync(Leave);
                await output.FlushAsync(CancellationToken.None);
                await end.CancelAsync();
                await asking;
            }

            return 0;
        }
        catch (NodeClientException e)
        {
            return await FailAsync($"{arguments.Node.Address}: {e.Message}");
        }
    }

    private async Task AskAsync(NodeClient client, TopState state, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                var verdicts = client.VerdictsAsync(stop);
                var grid = new MatrixGrid(await client.MatrixAsync(stop));
                Take(state, grid, await verdicts);
            }
            catch (NodeClientException e)
            {
                lock (_lock)
                {
                    state.Fail(e.Message);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // A large mesh's answer takes its time: then there is as long a pause.
            var took = Stopwatch.GetElapsedTime(began);
            await Task.Delay(took + took > s_period ? took : s_period - took, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(TopState state, MatrixGrid grid, VerdictDocument verdicts)
    {
        lock (_lock)
        {
            state.Take(grid, verdicts);
            _answeredAt = state.IsPaused ? _answeredAt : Stopwatch.GetTimestamp();
        }
    }

    private void Show(TerminalKeyboard keyboard, TopState state, CancellationToken stop)
    {
        Span<byte> bytes = stackalloc byte[64];
        string? shown = null;
        while (!stop.IsCancellationRequested)
        {
            var screen = Screen(state);
            if (screen != shown)
            {
                output.Write(screen);
                output.Flush();
                shown = screen;
            }

            var count = keyboard.Read(bytes);
            if (count < 0)
            {
                return;
            }

            if (count == 0)
            {
                _keys.EndOfInput();
            }

            foreach (var key in _keys.Read(bytes[..count]))
            {
                shown = key == TopKey.Redraw ? null : shown;
                if (!Press(state, key))
                {
                    return;
                }
            }
        }
    }

    private bool Press(TopState state, TopKey key)
    {
        lock (_lock)
        {
            return state.Press(key, Math.Max(1, TopScreen.MatrixLines(state, TerminalSize.Current())));
        }
    }

    private string Screen(TopState state)
    {
        lock (_lock)
        {
            state.Age = _answeredAt == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_answeredAt);
            return Home + string.Join(EndOfLine + "\r\n", TopScreen.Paint(state, TerminalSize.Current(), isColoured)) + EndOfLine;
        }
    }

    private async Task<int> FailAsync(string why)
    {
        await error.WriteAsync($"{InvocationName.Default}: {TopCommand.Name}: {SingleLine.Of(why)}\n");
        return 1;
    }
}
