using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Config;

/// <summary>
/// Collects what is wrong with a configuration. Reading goes on behind every mistake, so that one call shows them all; beyond
/// <see cref="MostErrors"/> (and as many warnings) the rest is only counted.
/// </summary>
internal sealed class ConfigDiagnostics
{
    /// <summary>How many errors, and how many warnings, are told apart.</summary>
    public const int MostErrors = 200;

    private readonly List<ConfigMessage> _errors = [];
    private readonly List<ConfigMessage> _warnings = [];
    private int _errorsLeftOut;
    private int _warningsLeftOut;

    /// <summary>True where there is any mistake: then there is no configuration.</summary>
    public bool Failed => _errors.Count > 0;

    /// <summary>The mistakes in the order of their places.</summary>
    public IReadOnlyList<ConfigMessage> Errors => InOrder(_errors, _errorsLeftOut, "mistakes");

    /// <summary>The warnings in the order of their places.</summary>
    public IReadOnlyList<ConfigMessage> Warnings => InOrder(_warnings, _warningsLeftOut, "warnings");

    /// <summary>Reports a mistake.</summary>
    public void Refuse(TomlPosition at, string message) => Add(_errors, ref _errorsLeftOut, at, message);

    /// <summary>Reports a mistake whose message takes work: it is only made where it will be shown.</summary>
    public void Refuse(TomlPosition at, Func<string> message) => Refuse(at, _errors.Count < MostErrors ? message() : "");

    /// <summary>Reports what can be worked with, but was hardly meant.</summary>
    public void Warn(TomlPosition at, string message) => Add(_warnings, ref _warningsLeftOut, at, message);

    private static void Add(List<ConfigMessage> list, ref int leftOut, TomlPosition at, string message)
    {
        if (list.Count < MostErrors)
            list.Add(new ConfigMessage(at, message));
        else
            leftOut++;
    }

    private static List<ConfigMessage> InOrder(List<ConfigMessage> list, int leftOut, string what)
    {
        List<ConfigMessage> ordered = [.. list.Distinct().OrderBy(message => message.Position)];
        if (leftOut > 0)
            ordered.Add(new ConfigMessage(ordered[^1].Position, $"{leftOut} more {what} are not shown"));
        return ordered;
    }
}
