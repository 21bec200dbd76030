using Meshpulse.Core.Time;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// Tells which send a stamp belongs to.
/// <para>
/// The problem: the kernel numbers a socket's stamped sends from 0, but kernels differ (before Linux 6.9, and there by the
/// kind of failure) in whether a send that fails uses a number up. Merely counting along is then off by one for good, and
/// every later stamp is given to the wrong datagram. What we do: after a failed send the kernel is made to begin at 0
/// again, which starts a generation here, at a known wall time and a known id. A stamp still in the queue from before is
/// known by its own time, which is earlier.
/// </para>
/// <para>
/// What does not fit its generation is not resolved rather than guessed: stamps from across a clock step, or from more than
/// <see cref="Remembered"/> generations ago. One case is left: a datagram that waited in the device's queue while another
/// send failed is stamped after the beginning of a generation that it does not belong to. Its id may then be a later
/// send's, so a stamp from before one's own send is not to be believed.
/// </para>
/// </summary>
internal sealed class SendStampIds
{
    public const int Remembered = 32;

    private readonly Generation[] _generations = new Generation[Remembered];
    private int _newest;

    public SendStampIds() => Array.Fill(_generations, new Generation(new WallTime(long.MinValue), 0));

    /// <summary>The id of the stamped send to come.</summary>
    public uint Next { get; private set; }

    /// <summary>A stamped send was made.</summary>
    public void Sent() => Next++;

    /// <summary>The kernel begins anew at 0.</summary>
    public void Restart(WallTime now)
    {
        if (_generations[_newest].First != Next)
        {
            _newest = (_newest + 1) % Remembered;
        }

        _generations[_newest] = new Generation(now, Next);
    }

    /// <summary>Finds the id of a stamp; false where it cannot be told.</summary>
    public bool TryResolve(uint kernelId, WallTime stamp, out uint id)
    {
        var end = Next;
        for (var age = 0; age < Remembered; age++)
        {
            var generation = _generations[(_newest - age + Remembered) % Remembered];
            if (stamp >= generation.Start)
            {
                id = generation.First + kernelId;
                // Differences, as ids are counted modulo 2^32.
                return kernelId < end - generation.First;
            }

            end = generation.First;
        }

        id = 0;
        return false;
    }

    private readonly record struct Generation(WallTime Start, uint First);
}
