namespace Meshpulse.Core.Config;

/// <summary>What is wrong with the form of an address (<see cref="AddressForm"/>); the words for it are the caller's.</summary>
public enum AddressFault
{
    /// <summary>There is none.</summary>
    HostMissing,

    /// <summary>It names an interface (<c>%</c>).</summary>
    Interface,

    /// <summary>It looks like an IPv4 address and is none.</summary>
    V4,

    /// <summary>It looks like an IPv6 address and is none.</summary>
    V6,

    /// <summary>It is neither an address nor a host name.</summary>
    Name,

    /// <summary>An opening bracket without a closing one.</summary>
    BracketOpen,

    /// <summary>Brackets around something else than an IPv6 address, or something behind them that is no port.</summary>
    Brackets,

    /// <summary>A colon without a port behind it.</summary>
    PortMissing,

    /// <summary>The port is no number, or out of range.</summary>
    Port,
}
