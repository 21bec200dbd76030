using System.Buffers.Binary;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>
/// Tells replies from requests.
/// <para>
/// The problem: nothing in STAMP marks a reply, and every reply is a valid request. One forged datagram, "from" one
/// reflector's port to another's, makes the two talk as fast as they can for ever; so does one from a service that sends
/// back what it gets. Refusing source ports does not help: any port may have a reflector, and some routers send from 862.
/// What we do: look where requests have zeros and replies have T2. A time near now is not there by chance. And, beyond that,
/// look where replies repeat the T1 of what they answer: that of an answer to <em>our</em> reply is our own T3, near our
/// own time however wrong the other's clock is. So a loop ends at the second round at the latest.
/// </para>
/// <para>
/// The price is requests of TWAMP senders with random padding that happens to look like a time. A window of 10 minutes to
/// either side takes 1200 of 2^32 values of the seconds for each format and field: about one request in a million is
/// refused. The window has to cover what separates clocks that are right, such as TAI and UTC (37 s), and the time that a
/// packet can wait; a clock that is wrong by more is what the second field is for.
/// </para>
/// </summary>
internal static class ReplyMark
{
    private const int Width = sizeof(ulong);

    /// <summary>True where a datagram is somebody's reply.</summary>
    /// <param name="datagram">Any bytes.</param>
    /// <param name="mode">Where to look.</param>
    /// <param name="now">Our wall clock.</param>
    /// <param name="window">How near.</param>
    public static bool IsOn(ReadOnlySpan<byte> datagram, StampMode mode, WallTime now, Duration window)
    {
        var (received, echoed) = mode == StampMode.Authenticated ? (32, 64) : (16, 28);
        return IsNear(datagram, received, now, window) || IsNear(datagram, echoed, now, window);
    }

    /// <summary>Zero is what requests have there, though in February 2036 it will also be a time.</summary>
    private static bool IsNear(ReadOnlySpan<byte> datagram, int offset, WallTime now, Duration window)
    {
        if (datagram.Length < offset + Width)
        {
            return false;
        }

        var field = new StampTimestamp(BinaryPrimitives.ReadUInt64BigEndian(datagram[offset..]));
        return field.Bits != 0
            && (IsNear(field, StampTimestampFormat.Ntp, now, window) || IsNear(field, StampTimestampFormat.Ptp, now, window));
    }

    private static bool IsNear(StampTimestamp field, StampTimestampFormat format, WallTime now, Duration window) =>
        field.TryGetNanoseconds(format, now.Nanoseconds, out var moment) && (new WallTime(moment) - now).Abs() <= window;
}
