namespace Meshpulse.Core.Config.Toml;

/// <summary>Comments: from # to the line's end, any text but control characters.</summary>
internal static class TomlComments
{
    /// <summary>Passes a comment where one stands here, and stops before the newline.</summary>
    public static void Skip(TomlCursor cursor, TomlDiagnostics diagnostics)
    {
        if (cursor.Current != '#')
            return;
        var refused = false;
        for (; !cursor.AtLineEnd; cursor.Advance())
        {
            if (cursor.AtControl && !refused)
                refused = !diagnostics.Refuse(cursor.Position, $"{cursor.Found} must not stand in a comment");
        }
    }
}
