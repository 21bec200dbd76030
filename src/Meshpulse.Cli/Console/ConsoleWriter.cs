using System.Text;

namespace Meshpulse.Cli.Console;

/// <summary>
/// The one way to standard output: whole blocks, each in one write, so that an event never lands inside a table.
///
/// <para>Writing where the event happens would stall its thread whenever the output does: a terminal stopped by Ctrl-S, a
/// full pipe, a slow disk. So blocks wait in a bounded queue, and a thread of its own writes them. When the queue is full
/// the oldest blocks go (the newest state is what a reader wants), their lines are counted, and the count is reported once
/// the output flows again. An output that fails (closed pipe, full disk) loses what was to be written, quietly: the mesh
/// goes on without its console.</para>
/// </summary>
public sealed class ConsoleWriter : IDisposable
{
    /// <summary>How many characters wait at most, unless told otherwise: some two hundred tables of a dozen peers.</summary>
    public const int DefaultCapacity = 256 * 1024;

    private static readonly TimeSpan DisposeWait = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Queue<string> _waiting = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly Stream _output;
    private readonly int _capacity;
    private readonly Func<long, string> _dropNotice;
    private readonly Thread _thread;
    private int _characters;
    private long _dropped;
    private long _reported;
    private bool _stopping;
    private bool _failed;

    /// <summary>Starts the writing thread.</summary>
    /// <param name="output">Standard output; not disposed of here.</param>
    /// <param name="dropNotice">The line, with its line feed, that says how many lines were lost; called on the writing thread.</param>
    /// <param name="capacity">How many characters may wait; the newest block is kept even where it alone is longer.</param>
    public ConsoleWriter(Stream output, Func<long, string> dropNotice, int capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(dropNotice);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        (_output, _dropNotice, _capacity) = (output, dropNotice, capacity);
        _thread = new Thread(Run) { IsBackground = true, Name = "console" };
        _thread.Start();
    }

    /// <summary>How many lines were lost since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// Queues a block of whole lines, each with its line feed. Any thread may call; none waits for the output. After
    /// <see cref="Stop"/> the block is lost and counted.
    /// </summary>
    public void Write(string block)
    {
        ArgumentException.ThrowIfNullOrEmpty(block);
        lock (_gate)
        {
            if (_stopping)
            {
                Lose(block);
                return;
            }

            while (_waiting.Count > 0 && _characters + block.Length > _capacity)
            {
                Lose(Take());
            }

            _waiting.Enqueue(block);
            _characters += block.Length;
            _arrived.Set();
        }
    }

    /// <summary>Writes what waits and ends; false where the output didn't take it in time. Later calls say the same again.</summary>
    /// <param name="wait">How long to wait for the output at most.</param>
    public bool Stop(TimeSpan wait)
    {
        lock (_gate)
        {
            _stopping = true;
            _arrived.Set();
        }

        return _thread.Join(wait);
    }

    /// <summary>Stops within a fifth of a second, written or not.</summary>
    public void Dispose()
    {
        // A thread that hangs in its write still needs the event; it ends with the process.
        if (Stop(DisposeWait))
        {
            _arrived.Dispose();
        }
    }

    private void Run()
    {
        while (true)
        {
            var block = Next(out var done);
            if (block is not null)
            {
                WriteOut(block);
            }
            else if (done)
            {
                return;
            }
            else
            {
                _arrived.WaitOne();
            }
        }
    }

    private string? Next(out bool done)
    {
        lock (_gate)
        {
            done = _stopping;
            return _waiting.Count > 0 ? Take() : null;
        }
    }

    private void WriteOut(string block)
    {
        var lost = Dropped - _reported;

        // A write that failed may have left half a line behind.
        var start = _failed ? "\n" : "";
        var bytes = Encoding.UTF8.GetBytes(start + (lost > 0 ? _dropNotice(lost) : "") + block);
        try
        {
            _output.Write(bytes);
            _output.Flush();
            _reported += lost;
            _failed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _failed = true;
            Lose(block);
        }
    }

    private string Take()
    {
        var block = _waiting.Dequeue();
        _characters -= block.Length;
        return block;
    }

    private void Lose(string block) => Interlocked.Add(ref _dropped, block.Count(c => c == '\n'));
}
