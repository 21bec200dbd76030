using System.Buffers.Binary;

namespace Meshpulse.Wire.Heartbeat;

/// <summary>
/// Cuts a TCP stream into frames. TCP keeps no borders: one read may hold several frames, half of one, or a length's
/// first byte. Whole frames are handed out where they lie; only a frame that a read cut in two is copied, into a buffer
/// of one frame's size that is made when it is first needed. Nothing else is ever stored, so that a peer can make us
/// hold at most 1,028 bytes.
/// </summary>
public sealed class FrameAssembler
{
    private byte[]? _partial;
    private int _held;

    /// <summary>True while the beginning of a frame is held and its end has not come.</summary>
    public bool HasPartialFrame => _held > 0;

    /// <summary>
    /// Takes the next frame from the front of <paramref name="input"/> and moves <paramref name="input"/> behind it.
    /// </summary>
    /// <param name="input">What was read and not yet used.</param>
    /// <param name="body">The frame's body; valid until the next call and as long as the input's memory is.</param>
    /// <param name="error">Set where the stream is no sequence of frames; the connection is then of no further use.</param>
    /// <returns>True for a frame; false where the input is used up or in error.</returns>
    public bool TryNext(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> body, out FrameError error)
    {
        body = default;
        error = FrameError.None;
        return _held > 0 ? TryComplete(ref input, out body, out error) : TryWhole(ref input, out body, out error);
    }

    private bool TryWhole(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> body, out FrameError error)
    {
        body = default;
        error = FrameError.None;
        if (input.Length >= HeartbeatWire.LengthPrefix)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(input);
            if (length is < 1 or > HeartbeatWire.MaxBody)
            {
                error = FrameError.LengthOutOfRange;
                return false;
            }

            if (input.Length >= HeartbeatWire.LengthPrefix + length)
            {
                body = input.Slice(HeartbeatWire.LengthPrefix, length);
                input = input[(HeartbeatWire.LengthPrefix + length)..];
                return true;
            }
        }

        Hold(ref input, input.Length);
        return false;
    }

    private bool TryComplete(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> body, out FrameError error)
    {
        body = default;
        error = FrameError.None;
        if (_held < HeartbeatWire.LengthPrefix)
        {
            Hold(ref input, Math.Min(input.Length, HeartbeatWire.LengthPrefix - _held));
            if (_held < HeartbeatWire.LengthPrefix)
            {
                return false;
            }
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_partial);
        if (length is < 1 or > HeartbeatWire.MaxBody)
        {
            error = FrameError.LengthOutOfRange;
            return false;
        }

        var whole = HeartbeatWire.LengthPrefix + length;
        Hold(ref input, Math.Min(input.Length, whole - _held));
        if (_held < whole)
        {
            return false;
        }

        body = _partial.AsSpan(HeartbeatWire.LengthPrefix, length);
        _held = 0;
        return true;
    }

    private void Hold(ref ReadOnlySpan<byte> input, int count)
    {
        if (count == 0)
        {
            return;
        }

        _partial ??= new byte[HeartbeatWire.LengthPrefix + HeartbeatWire.MaxBody];
        input[..count].CopyTo(_partial.AsSpan(_held));
        _held += count;
        input = input[count..];
    }
}
