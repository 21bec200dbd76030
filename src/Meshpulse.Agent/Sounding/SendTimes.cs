using System.Numerics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Sounding;

/// <summary>
/// When each request of a flow left: what we read before the send, and the kernel's stamp where one came. A ring of fixed size; what
/// was overwritten is not found.
/// </summary>
internal sealed class SendTimes
{
    private const int MostRemembered = 65_536;

    private readonly Entry[] _entries;
    private readonly int _mask;
    private long _next;

    public SendTimes(Duration interval, Duration patience)
    {
        var wanted = Math.Clamp((patience.Nanoseconds / interval.Nanoseconds) + 2, 64, MostRemembered);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)wanted);
        (_entries, _mask) = (new Entry[size], size - 1);
    }

    /// <summary>Takes the next request's times.</summary>
    public void Add(WallTime read, MonoTime sent) => _entries[(int)_next++ & _mask] = new Entry(read, sent, null);

    /// <summary>Takes the kernel's stamp of a request.</summary>
    /// <param name="id">Sends are numbered alike by the socket and by the session: both leave out those that failed.</param>
    /// <param name="stamp">Not believed where it lies before the send (see the socket), or far behind it.</param>
    public void Stamp(uint id, WallTime stamp)
    {
        var behind = unchecked((uint)_next - id);
        if (behind == 0 || behind > _entries.Length || behind > _next)
        {
            return;
        }

        ref var entry = ref _entries[(int)(_next - behind) & _mask];
        if (stamp >= entry.Read)
        {
            entry = entry with { Stamp = stamp };
        }
    }

    /// <summary>A request's times; null where they are forgotten.</summary>
    public Entry? Find(long sequence) =>
        sequence >= 0 && sequence < _next && _next - sequence <= _entries.Length ? _entries[(int)sequence & _mask] : null;

    /// <param name="Read">The wall clock before the send.</param>
    /// <param name="Sent">The monotonic clock at about the same moment.</param>
    /// <param name="Stamp">The kernel's time; null where none came.</param>
    public readonly record struct Entry(WallTime Read, MonoTime Sent, WallTime? Stamp);
}
