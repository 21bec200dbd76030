namespace Meshpulse.Core.Config;

/// <summary>Looks for placeholders that would not do what was meant.</summary>
internal static class PlaceholderReview
{
    /// <summary>Reports what begins like a placeholder and is none.</summary>
    public static void RefuseUnknown(PlaceholderTemplate template, Placed<string> text, string key, ConfigDiagnostics diagnostics)
    {
        var known = Placeholder.All.Select(placeholder => placeholder.ToString()).ToList();
        foreach (var name in template.Unknown)
        {
            diagnostics.Refuse(text.Position, Nearest(name, known) is { } nearest
                ? $"unknown placeholder {ConfigText.Quote(name)} in {key}; did you mean '{nearest}'?"
                : $"unknown placeholder {ConfigText.Quote(name)} in {key}; there are {ConfigText.List(known)}");
        }
    }

    // Where the server is named rightly, only what comes behind it is compared: the long start alike would make anything near.
    private static string? Nearest(string name, List<string> known)
    {
        var stem = name[..(name.LastIndexOf('.') + 1)];
        var fields = known.Where(k => k.StartsWith(stem, StringComparison.Ordinal)).Select(k => k[stem.Length..]).ToList();
        if (stem == Placeholder.Root || fields.Count == 0)
            return NearestWord.Find(name, known);
        return NearestWord.Find(name[stem.Length..], fields) is { } field ? stem + field : null;
    }
}
