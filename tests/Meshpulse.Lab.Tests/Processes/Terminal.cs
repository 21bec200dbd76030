using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Meshpulse.Lab.Processes;

/// <summary>
/// A program on a pseudo-terminal of its own, as a person has it: a size, keys, and a screen. Keys go through a named pipe, which is the terminal's other end's input.
/// </summary>
internal sealed partial class Terminal : IAsyncDisposable
{
    private const string Home = "\e[H";

    private readonly string _folder;
    private readonly NodeProcess _script;
    private readonly FileStream _keys;

    private Terminal(string folder, NodeProcess script, FileStream keys) => (_folder, _script, _keys) = (folder, script, keys);

    /// <summary>All that was written to it.</summary>
    public string Text => _script.Output.Text;

    /// <summary>The lines of the last whole picture, without colours.</summary>
    public IReadOnlyList<string> Screen
    {
        get
        {
            var pictures = Text.Split(Home);
            return [.. Codes().Replace(pictures[^1], "").Split('\n').Select(l => l.TrimEnd('\r'))];
        }
    }

    /// <summary>Starts a program on one.</summary>
    public static async Task<Terminal> StartAsync(int columns, int lines, params IReadOnlyList<string> words)
    {
        var script = Tool.Require("script", "bsdutils");
        var folder = Directory.CreateTempSubdirectory("meshpulse-terminal").FullName;
        var pipe = Path.Combine(folder, "keys");
        await Tool.MustAsync(["mkfifo", pipe]);
        var command = string.Create(CultureInfo.InvariantCulture, $"stty columns {columns} rows {lines}; exec {string.Join(' ', words.Select(w => $"'{w}'"))}");
        var process = await NodeProcess.StartAsync([command, pipe], null, "sh", "-c", $"exec '{script}' -q -f -e -c \"$1\" /dev/null < \"$2\"", "terminal");
        // Opens when the other end has.
        var keys = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)).WaitAsync(Until.Hang);
        return new Terminal(folder, process, keys);
    }

    /// <summary>Presses keys.</summary>
    public void Press(string keys) => _keys.Write(Encoding.UTF8.GetBytes(keys));

    /// <summary>Sends the program a signal.</summary>
    public void Send(Signal signal) =>
        Native.Send(int.Parse(File.ReadAllText($"/proc/{_script.Pid}/task/{_script.Pid}/children").Split(' ')[0], CultureInfo.InvariantCulture), signal);

    /// <summary>Waits until all of these stand on the screen.</summary>
    public Task ShowsAsync(params IReadOnlyList<string> texts) => Until.HoldsAsync(
        () =>
        {
            var screen = string.Join('\n', Screen);
            return texts.All(t => screen.Contains(t, StringComparison.Ordinal));
        },
        () => $"not \"{string.Join("\", \"", texts)}\" on the screen:\n{string.Join('\n', Screen)}\n-- {_script.Error.Text}");

    /// <summary>Waits for the program's end; gives its exit code.</summary>
    public Task<int> ExitAsync() => _script.ExitAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _keys.DisposeAsync();
        await _script.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Codes();
}
