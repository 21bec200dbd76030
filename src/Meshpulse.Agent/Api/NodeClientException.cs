namespace Meshpulse.Agent.Api;

/// <summary>A node could not be asked, or did not answer as it should. The message is one plain line that follows its address.</summary>
public sealed class NodeClientException : Exception
{
    /// <summary>With its line.</summary>
    public NodeClientException(string message)
        : base(message)
    {
    }
}
