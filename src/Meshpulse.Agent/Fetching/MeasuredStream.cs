using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Fetching;

/// <summary>
/// The plain bytes of one connection on their way to and from the HTTP library, with the moments at which they passed and a bound on
/// what is read. The library tells only when it has read a whole head; the first byte is seen here.
/// </summary>
/// <param name="inner">The socket's stream or the TLS stream upon it; disposed with this one.</param>
/// <param name="limit">How many bytes may be read in all, framing and interim answers with the rest; reading on throws.</param>
internal sealed class MeasuredStream(Stream inner, long limit) : Stream
{
    private long _read;

    /// <summary>When the kernel had taken the last byte that was written; null before the first.</summary>
    public MonoTime? LastWrite { get; private set; }

    /// <summary>When the first byte was there.</summary>
    public MonoTime? FirstRead { get; private set; }

    /// <summary>When the latest byte was there.</summary>
    public MonoTime? LastRead { get; private set; }

    /// <summary>True once the other end has closed.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>True once more than the limit was asked for.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>What reading or writing failed with; kept, as the library may swallow it and try again.</summary>
    public Exception? Error { get; private set; }

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read >= limit && buffer.Length > 0)
        {
            IsSpent = true;
            throw new IOException("more than is read of an answer");
        }

        var room = buffer[..(int)Math.Min(buffer.Length, limit - _read)];
        var count = await NotedAsync(inner.ReadAsync(room, cancellationToken));
        if (count > 0)
        {
            _read += count;
            LastRead = SystemClocks.Mono();
            FirstRead ??= LastRead;
        }
        else
        {
            // A read of no bytes waits for some to come and says nothing of the end.
            IsAtEnd |= room.Length > 0;
        }

        return count;
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await NotedAsync(WriteAllAsync());
        LastWrite = SystemClocks.Mono();

        async ValueTask<int> WriteAllAsync()
        {
            await inner.WriteAsync(buffer, cancellationToken);
            return buffer.Length;
        }
    }

    /// <inheritdoc />
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Flush() => inner.Flush();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> NotedAsync(ValueTask<int> transfer)
    {
        try
        {
            return await transfer;
        }
        catch (Exception e)
        {
            Error ??= e;
            throw;
        }
    }
}
