namespace Meshpulse.Agent.Api;

/// <summary>A certificate or key can't be used. The message is one plain line for the operator.</summary>
public sealed class TlsFileException : Exception
{
    internal TlsFileException(string option, string message)
        : base(message) => Option = option;

    /// <summary>The option that named the file.</summary>
    public string Option { get; }
}
