using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Config;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Configuration;

/// <summary>
/// Reads the files of keys that a configuration names. All of them, not only those that one server needs: every server gets the same file, and
/// who checks it in one place wants to know that it holds in the others.
/// </summary>
internal static class KeyFileReview
{
    /// <summary>The same configuration with its keys, or the mistakes of their files, each at the place where the file is named.</summary>
    public static LandscapeResult Read(LandscapeResult result)
    {
        if (result.Value is not { KeyFiles.Length: > 0 } landscape)
        {
            return result;
        }

        var keys = new Dictionary<string, StampKeyRing>(StringComparer.Ordinal);
        var errors = new List<ConfigMessage>();
        foreach (var file in landscape.KeyFiles)
        {
            try
            {
                keys.Add(file.Path, KeyFile.Read(file.Path));
            }
            catch (KeyFileException e)
            {
                errors.Add(new ConfigMessage(file.Position, $"{file.Key}: {e.Message}"));
            }
        }

        return errors.Count > 0 ? result.With(errors) : result.With(landscape.WithKeys(keys));
    }
}
