namespace Meshpulse.Cli.Tests.Console;

/// <summary>An output that records each write, and can be made to block or to fail.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _writes = [];
    private readonly ManualResetEventSlim _open = new(true);
    private volatile bool _failing;

    /// <summary>Released once for each write that has begun.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_gate)
            {
                return [.. _writes.Select(System.Text.Encoding.UTF8.GetString)];
            }
        }
    }

    public byte[] Bytes
    {
        get
        {
            lock (_gate)
            {
                return [.. _writes.SelectMany(w => w)];
            }
        }
    }

    public bool Failing
    {
        set => _failing = value;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Block() => _open.Reset();

    public void Unblock() => _open.Set();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var copy = buffer.ToArray();
        Begun.Release();
        _open.Wait();
        if (_failing)
        {
            throw new IOException("Broken pipe");
        }

        lock (_gate)
        {
            _writes.Add(copy);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _open.Dispose();
        Begun.Dispose();
        base.Dispose(disposing);
    }
}
