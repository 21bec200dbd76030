using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Config;

internal static class StampKeys
{
    /// <summary>A ring of keys in hexadecimal.</summary>
    public static StampKeyRing Of(params string[] keys) =>
        new([.. keys.Select(hex => StampKey.TryParse(hex, out var key) ? key : throw new ArgumentException(hex, nameof(keys)))]);
}
