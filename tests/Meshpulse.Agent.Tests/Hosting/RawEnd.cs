namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>How a raw peer's connection ended.</summary>
internal enum RawEnd
{
    /// <summary>The other side closed it.</summary>
    Closed,

    /// <summary>The other side reset it.</summary>
    Reset,

    /// <summary>The test itself let it go.</summary>
    Disposed,
}
