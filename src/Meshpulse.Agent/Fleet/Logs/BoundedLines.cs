namespace Meshpulse.Agent.Fleet.Logs;

/// <summary>The lines of a stream, one at a time. One that is longer than a limit is passed over, however long it is.</summary>
internal sealed class BoundedLines(Stream stream, int longest)
{
    private const int Beginning = 64 * 1024;

    private byte[] _buffer = new byte[Math.Min(Beginning, longest + 1)];
    private int _from;
    private int _until;
    private bool _ended;

    /// <summary>The next line, without its line feed, until the next call. False at the end.</summary>
    /// <param name="line">The line; null for one that was too long.</param>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public bool TryNext(out ReadOnlyMemory<byte>? line)
    {
        var isTooLong = false;
        var looked = 0;
        while (true)
        {
            var feed = _buffer.AsSpan(_from + looked, _until - _from - looked).IndexOf((byte)'\n');
            if (feed >= 0 || _ended)
            {
                var length = feed >= 0 ? looked + feed : _until - _from;
                var isThere = feed >= 0 || length > 0 || isTooLong;
                line = isTooLong || length > longest ? (ReadOnlyMemory<byte>?)null : _buffer.AsMemory(_from, length);
                _from += length + (feed >= 0 ? 1 : 0);
                return isThere;
            }

            looked = _until - _from;
            if (looked > longest)
            {
                (isTooLong, looked, _from, _until) = (true, 0, 0, 0);
            }

            Fill();
        }
    }

    private void Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _until - _from).CopyTo(_buffer);
            (_from, _until) = (0, _until - _from);
        }

        if (_until == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, longest + 1));
        }

        var read = stream.Read(_buffer, _until, _buffer.Length - _until);
        (_until, _ended) = (_until + read, read == 0);
    }
}
