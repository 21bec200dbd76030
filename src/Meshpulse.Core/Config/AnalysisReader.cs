using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Config;

/// <summary>Reads <c>[[analysis]]</c> blocks.</summary>
internal sealed class AnalysisReader(ConfigDiagnostics diagnostics)
{
    // What fits beside the rest into one argument of a program on Linux (MAX_ARG_STRLEN, execve(2)), values put in.
    private const int LongestCommand = 32_768;

    private static readonly Duration s_startDelay = Duration.FromSeconds(20);
    private static readonly Duration s_pause = Duration.FromSeconds(120);
    private static readonly Duration s_timeLimit = Duration.FromSeconds(30 * 60);
    private static readonly Duration s_hour = Duration.FromSeconds(3600);
    private static readonly Duration s_day = Duration.FromSeconds(86_400);

    /// <summary>Reads a block.</summary>
    public AnalysisDraft Read(ConfigTable block)
    {
        block.RefuseUnknown();
        foreach (var key in new[] { "from", "to", "name", "command" })
            block.Require(key);
        if (!block.Has("on"))
            block.Require("min_loss");
        var from = block.Text("from");
        var to = block.Text("to");
        var definition = new AnalysisDefinition
        {
            From = from?.Value ?? "",
            To = to?.Value ?? "",
            Name = ReadName(block) ?? "",
            MinLoss = block.Integer("min_loss", 1, int.MaxValue)?.Value ?? (block.Has("min_loss") ? 1 : 0),
            On = ReadOn(block),
            Command = ReadCommand(block) ?? "",
            StartDelay = block.Duration("start_delay", Duration.Zero, s_hour)?.Value ?? s_startDelay,
            Pause = block.Duration("pause", Duration.Zero, s_day * 7)?.Value ?? s_pause,
            TimeLimit = block.Duration("time_limit", Duration.FromSeconds(1), s_day)?.Value ?? s_timeLimit,
        };
        return new AnalysisDraft(block, from, to, definition);
    }

    private string? ReadName(ConfigTable block)
    {
        if (block.Name("name") is not { } name)
            return null;
        if (ConfigText.FaultInFileName(name.Value) is { } fault)
            diagnostics.Refuse(name.Position, $"name {ConfigText.Quote(name.Value)} {fault}; an analysis writes its reports to a folder of its name");
        return name.Value;
    }

    private VerdictKindSet ReadOn(ConfigTable block)
    {
        var kinds = new List<VerdictKind>();
        foreach (var text in block.Texts("on"))
        {
            if (VerdictKinds.TryParse(text.Value, out var kind))
                kinds.Add(kind);
            else
                diagnostics.Refuse(text.Position, $"on: there is no verdict {ConfigText.Quote(text.Value)}; {Hint(text.Value)}");
        }

        return VerdictKindSet.Of(kinds);
    }

    private static string Hint(string text) => NearestWord.Find(text, [.. VerdictKinds.Ids]) is { } nearest ? $"did you mean '{nearest}'?" : "docs/verdicts.md has them all";

    private string? ReadCommand(ConfigTable block)
    {
        if (block.Text("command") is not { } text)
            return null;
        var fault = text.Value switch
        {
            _ when string.IsNullOrWhiteSpace(text.Value) => $"is empty; it needs a command, as in {ConfigSection.Example("command")}",
            _ when text.Value.Contains('\0') => "holds a NUL, which no command can be given",
            { Length: > LongestCommand } => $"is longer than {LongestCommand} characters; put it into a script and call that",
            _ => null,
        };
        if (fault is not null)
            diagnostics.Refuse(text.Position, $"command {fault}");
        PlaceholderReview.RefuseUnknown(PlaceholderTemplate.Parse(text.Value), text, "command", diagnostics);
        return text.Value;
    }
}
