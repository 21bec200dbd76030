namespace Meshpulse.Agent.Tracing;

/// <summary>The trace is not permitted here. The message is one line for the operator and says what is missing.</summary>
public sealed class TracingException : Exception
{
    /// <summary>Without a reason.</summary>
    public TracingException()
    {
    }

    /// <summary>With the reason.</summary>
    public TracingException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public TracingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
