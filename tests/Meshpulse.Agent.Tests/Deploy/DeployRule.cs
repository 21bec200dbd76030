namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>One rule of Prometheus.</summary>
internal sealed record DeployRule(string Name, bool IsAlert, string Expression);
