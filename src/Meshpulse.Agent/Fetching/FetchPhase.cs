namespace Meshpulse.Agent.Fetching;

/// <summary>How far a fetch has come; what it was at when it failed.</summary>
internal enum FetchPhase
{
    /// <summary>Looking the name up.</summary>
    Resolve,

    /// <summary>Connecting to one address after the other.</summary>
    Connect,

    /// <summary>The TLS handshake, the verification of the certificate in it.</summary>
    Tls,

    /// <summary>Handing the request to the kernel.</summary>
    Send,

    /// <summary>Waiting for the answer's first byte.</summary>
    FirstByte,

    /// <summary>Reading the status line and the headers.</summary>
    Head,

    /// <summary>Reading the body.</summary>
    Body,
}
