namespace Meshpulse.Linux.Interop;

/// <summary>
/// Room for the opaque posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t. Their layouts are the C library's own
/// affair (glibc: 336, 80 and 128 bytes), so each is given more than any of them needs; a test compares.
/// </summary>
internal static class SpawnBuffer
{
    /// <summary>In words of 8 bytes, which is the alignment that all of them need.</summary>
    public const int Words = 128;
}
