namespace Meshpulse.Core.Config;

/// <summary>What of a server a placeholder stands for.</summary>
public enum PlaceholderField
{
    /// <summary>The address alone.</summary>
    Ip,

    /// <summary><see cref="ServerDefinition.Extra1"/>.</summary>
    Extra1,

    /// <summary><see cref="ServerDefinition.Extra2"/>.</summary>
    Extra2,

    /// <summary><see cref="ServerDefinition.Extra3"/>.</summary>
    Extra3,
}
