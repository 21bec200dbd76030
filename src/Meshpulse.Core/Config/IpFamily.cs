namespace Meshpulse.Core.Config;

/// <summary>Which addresses of a host are meant.</summary>
public enum IpFamily
{
    /// <summary>Whichever it has; IPv4 first, as in the original.</summary>
    Any,

    /// <summary>IPv4 only, written <c>v4:</c>.</summary>
    V4,

    /// <summary>IPv6 only, written <c>v6:</c>.</summary>
    V6,
}
