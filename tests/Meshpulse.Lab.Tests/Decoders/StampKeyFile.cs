using Meshpulse.Wire.Stamp;

namespace Meshpulse.Lab.Decoders;

/// <summary>A key file for a command, where the mode needs one; disposing of it deletes it.</summary>
internal sealed class StampKeyFile : IDisposable
{
    private readonly string? _name;

    /// <summary>With the exchanges' key, readable for its owner alone.</summary>
    public StampKeyFile(StampMode mode)
    {
        if (mode == StampMode.Authenticated)
        {
            // Made with mode 0600.
            _name = Path.GetTempFileName();
            File.WriteAllText(_name, StampExchanges.KeyText + "\n");
        }
    }

    /// <summary>What the command has to be told.</summary>
    public IReadOnlyList<string> Arguments => _name is null ? [] : ["--key-file", _name];

    /// <inheritdoc />
    public void Dispose()
    {
        if (_name is not null)
        {
            File.Delete(_name);
        }
    }
}
