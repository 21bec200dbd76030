using System.Text;

namespace Meshpulse.Lab.Processes;

/// <summary>What a process has written to one of its streams so far.</summary>
internal sealed class OutputLog
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    public OutputLog(StreamReader stream) => Ended = ReadAsync(stream);

    /// <summary>Ends with the stream.</summary>
    public Task Ended { get; }

    /// <summary>All of it.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>The lines that are complete, without their line feeds.</summary>
    public IReadOnlyList<string> Lines => Text.Split('\n')[..^1];

    private async Task ReadAsync(StreamReader stream)
    {
        var buffer = new char[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            lock (_gate)
            {
                _text.Append(buffer, 0, read);
            }
        }
    }
}
