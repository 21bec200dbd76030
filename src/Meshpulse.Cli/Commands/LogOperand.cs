namespace Meshpulse.Cli.Commands;

/// <summary>A log on the command line: FILE, or NODE=FILE where the lines don't say whose they are.</summary>
/// <param name="FilePath">The file.</param>
/// <param name="Node">Whose it is; null where that is not said.</param>
internal readonly record struct LogOperand(string FilePath, string? Node)
{
    private static readonly string[] s_endings = [".log", ".txt", ".out"];

    /// <summary>The name of the file without folder, ending and the number of a turned one: whose it is, for want of anything better.</summary>
    public string NameOfFile
    {
        get
        {
            var name = Path.GetFileName(FilePath);
            var dot = name.LastIndexOf('.');
            // Of an address without an ending the last number is no number of a turned file.
            var turned = dot > 0 && name[(dot + 1)..] is { Length: > 0 } number && number.All(char.IsAsciiDigit) ? name[..dot] : name;
            var ending = s_endings.FirstOrDefault(e => turned.EndsWith(e, StringComparison.OrdinalIgnoreCase) && turned.Length > e.Length);
            return ending is null ? name : turned[..^ending.Length];
        }
    }

    /// <summary>Reads a word. What is there as a file is one, whatever its name.</summary>
    public static LogOperand Of(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && equals < word.Length - 1 && !File.Exists(word) && !word[..equals].Contains('/')
            ? new LogOperand(word[(equals + 1)..], word[..equals])
            : new LogOperand(word, null);
}
