namespace Meshpulse.Linux.Interop;

/// <summary>fcntl.h and sys/stat.h under their own names; the numbers of x86-64 and arm64.</summary>
internal static class FileConstants
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NOCTTY = 0x100;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int F_DUPFD_CLOEXEC = 1030;
    public const int AT_FDCWD = -100;
    public const int AT_EMPTY_PATH = 0x1000;
    public const int STATX_BASIC_STATS = 0x7ff;
    public const int S_IFMT = 0xf000;
    public const int S_IFREG = 0x8000;
    public const int S_IWGRP = 0x10;
    public const int S_IWOTH = 0x2;
}
