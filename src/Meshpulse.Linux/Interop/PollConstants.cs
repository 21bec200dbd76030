namespace Meshpulse.Linux.Interop;

/// <summary>sys/epoll.h, sys/eventfd.h and one number of asm/unistd.h under their own names.</summary>
internal static class PollConstants
{
    public const int EPOLL_CLOEXEC = 0x80000;
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const int EPOLL_CTL_MOD = 3;

    public const uint EPOLLIN = 0x1;
    public const uint EPOLLOUT = 0x4;
    public const uint EPOLLERR = 0x8;
    public const uint EPOLLHUP = 0x10;
    public const uint EPOLLRDHUP = 0x2000;

    public const int EFD_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;

    /// <summary>System calls from 424 on have one number on every machine.</summary>
    public const nint SYS_epoll_pwait2 = 441;
}
