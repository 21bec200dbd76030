namespace Meshpulse.Core.Config.Toml;

/// <summary>How a table came to be, which decides who may still add to it: the rules are in <see cref="TomlDefinitions"/>.</summary>
internal enum TomlOrigin
{
    /// <summary>Only named on the way to another, as <c>a</c> in <c>[a.b]</c>.</summary>
    SuperTable,

    /// <summary>By its own header, <c>[a]</c> or <c>[[a]]</c>; the root counts as such.</summary>
    Header,

    /// <summary>By a dotted key, as <c>a</c> in <c>a.b = 1</c>.</summary>
    DottedKey,

    /// <summary>By braces, <c>{ }</c>.</summary>
    Inline,
}
