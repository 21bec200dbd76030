namespace Meshpulse.Agent.Api;

/// <summary>A token or its file can't be used. The message is one plain line for the operator that never repeats what the file says.</summary>
public sealed class ApiTokenException : Exception
{
    internal ApiTokenException(string message)
        : base(message)
    {
    }
}
