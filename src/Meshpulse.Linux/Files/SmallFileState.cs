namespace Meshpulse.Linux.Files;

/// <summary>What <see cref="SmallFile.Read"/> found.</summary>
/// <param name="Exists">False where nothing is there, or where we may not even know.</param>
/// <param name="Length">Bytes of content that were read; null where it is no regular file, too long or unreadable.</param>
/// <param name="Device">Together with <paramref name="Inode"/>: the same file only where both are the same.</param>
/// <param name="Inode">The file's number on its device.</param>
public readonly record struct SmallFileState(bool Exists, int? Length, ulong Device, ulong Inode)
{
    /// <summary>Who may do what, chmod(2): the low twelve bits of its mode, of the very file that <see cref="Length"/> bytes were read from.</summary>
    public int Mode { get; init; }
}
