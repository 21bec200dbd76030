namespace Meshpulse.Cli.Fleet;

/// <summary>How a mesh is, as exit codes of monitoring plugins.</summary>
public enum StatusCode
{
    /// <summary>Nothing is wrong.</summary>
    Ok = 0,

    /// <summary>Something is to be looked at.</summary>
    Warning = 1,

    /// <summary>Somebody is cut off.</summary>
    Critical = 2,

    /// <summary>It can't be told.</summary>
    Unknown = 3,
}
