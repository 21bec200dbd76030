namespace Meshpulse.Agent.Analysis;

/// <summary>How the shell reads a place in a command.</summary>
internal enum ShellContext
{
    /// <summary>Outside quotes.</summary>
    Plain,

    /// <summary>Between single quotes.</summary>
    Single,

    /// <summary>Between <c>$'</c> and <c>'</c>.</summary>
    AnsiC,

    /// <summary>Between double quotes.</summary>
    Double,

    /// <summary>Between <c>((</c> and <c>))</c>.</summary>
    Arithmetic,

    /// <summary>Behind a line with <c>&lt;&lt;</c>.</summary>
    HereDocument,
}
