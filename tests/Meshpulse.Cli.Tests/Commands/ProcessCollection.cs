namespace Meshpulse.Cli.Tests.Commands;

/// <summary>
/// Tests that write programs and start them run one after the other: a process that another test forks meanwhile would hold
/// the file open for writing for a moment, and Linux runs no such file (ETXTBSY, execve(2)).
/// </summary>
[CollectionDefinition(Name)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
