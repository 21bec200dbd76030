using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>Walks the ancillary messages of one datagram, cmsg(3), with every length checked, whoever wrote them.</summary>
internal unsafe ref struct ControlMessages
{
    private byte* _next;
    private int _left;

    public ControlMessages(byte* control, int length)
    {
        _next = control;
        _left = length;
    }

    /// <summary>The protocol that the message belongs to.</summary>
    public int Level { get; private set; }

    /// <summary>What the message is, within its level.</summary>
    public int Type { get; private set; }

    /// <summary>Where its data are.</summary>
    public byte* Data { get; private set; }

    /// <summary>Bytes of data, without padding.</summary>
    public int Length { get; private set; }

    public bool MoveNext()
    {
        if (_left < sizeof(Cmsghdr))
        {
            return false;
        }

        var head = (Cmsghdr*)_next;
        if (head->cmsg_len < (nuint)sizeof(Cmsghdr) || head->cmsg_len > (nuint)_left)
        {
            _left = 0;
            return false;
        }

        Level = head->cmsg_level;
        Type = head->cmsg_type;
        Data = (byte*)(head + 1);
        Length = (int)head->cmsg_len - sizeof(Cmsghdr);
        // Each message begins on a multiple of eight.
        var step = Math.Min(_left, ((int)head->cmsg_len + 7) & ~7);
        _next += step;
        _left -= step;
        return true;
    }

    /// <summary>Appends a message of plain data at <paramref name="control"/> and returns the bytes that it takes there.</summary>
    public static int Write<T>(byte* control, int level, int type, T data)
        where T : unmanaged
    {
        var head = (Cmsghdr*)control;
        *head = new Cmsghdr { cmsg_len = (nuint)(sizeof(Cmsghdr) + sizeof(T)), cmsg_level = level, cmsg_type = type };
        *(T*)(head + 1) = data;
        return ((int)head->cmsg_len + 7) & ~7;
    }
}
