using Meshpulse.Core.Time;

namespace Meshpulse.Lab.Switching;

/// <summary>A fault at work on one wire: counts the frames it is about, and keeps their order.</summary>
internal sealed class FaultState(Fault fault)
{
    private long _next;
    private MonoTime _last;
    private MonoTime _free;

    /// <summary>Sends a frame through it.</summary>
    /// <param name="frame">May be marked.</param>
    /// <param name="due">When it goes on; moved by what it is held up.</param>
    /// <param name="copies">How many there are of it; raised where it is doubled.</param>
    /// <returns>False where it vanishes.</returns>
    public bool Pass(Span<byte> frame, ref MonoTime due, ref int copies)
    {
        var view = new FrameView(frame);
        if (!fault.Of(view))
        {
            return true;
        }

        var number = _next++;
        if (fault.Drop.Chooses(number, view))
        {
            return false;
        }

        if (fault.BitsPerSecond > 0 && !Queue(view.PacketLength, ref due))
        {
            return false;
        }

        copies += fault.Duplicate.Chooses(number, view) ? 1 : 0;
        due += fault.Delay + new Duration((long)(fault.Jitter.Nanoseconds * Pick.Draw(fault.Seed, number)));
        if (!fault.Overtakes)
        {
            due = _last = due > _last ? due : _last;
        }

        if (fault.Hold.Chooses(number, view))
        {
            due += fault.HoldFor;
        }

        if (fault.Dscp is { } dscp)
        {
            FrameView.Mark(frame, dscp);
        }

        return true;
    }

    /// <summary>Waits until the wire has carried what came before, and this one; false where there is no room to wait.</summary>
    private bool Queue(int bytes, ref MonoTime due)
    {
        var begins = _free > due ? _free : due;
        if (begins - due > fault.Queue)
        {
            return false;
        }

        due = _free = begins + new Duration(bytes * 8_000_000_000L / fault.BitsPerSecond);
        return true;
    }
}
