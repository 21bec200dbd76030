using System.Text.RegularExpressions;

namespace Meshpulse.Cli.Tests.Architecture;

public sealed partial class SourceTreeTests
{
    [Fact]
    public void Namespaces_equal_folders_and_each_file_has_one_public_type()
    {
        var files = Rooms.SourceFiles.ToList();
        Assert.True(files.Count > 100, $"only {files.Count} files found under {Rooms.Root}");
        Assert.Empty(files.SelectMany(f => Violations(f.Project, f.File, File.ReadAllLines(f.File))));
    }

    [Theory]
    [InlineData("Time/Right.cs", "namespace Meshpulse.Core.Time;|public struct Right;", null)]
    [InlineData("Time/Right.Part.cs", "namespace Meshpulse.Core.Time;|public sealed partial class Right", null)]
    [InlineData("Time/Right.cs", "namespace Meshpulse.Core.Time;|internal sealed class Right", null)]
    [InlineData("Deep/Er/Right.cs", "namespace Meshpulse.Core.Deep.Er;|public delegate void Right();", null)]
    [InlineData("Time/Wrong.cs", "namespace Meshpulse.Core.Probing;|public struct Wrong;", "the namespace is Meshpulse.Core.Probing and not Meshpulse.Core.Time")]
    [InlineData("Time/Wrong.cs", "namespace Meshpulse.Core.Time;|public enum Wrong|{|}|public enum Other", "2 public types: Wrong, Other")]
    [InlineData("Time/Wrong.cs", "namespace Meshpulse.Core.Time;|public static partial class Other", "holds Other")]
    [InlineData("Time/Wrong.cs", "public enum Wrong", "no namespace")]
    [InlineData("Time/Wrong.cs", "namespace Meshpulse.Core.Time|{|}", "no namespace")]
    [InlineData("Time/Wrong.cs", "namespace Meshpulse.Core.Time;|public readonly record struct Other(int A)", "holds Other")]
    [InlineData("Helpers/Wrong.cs", "namespace Meshpulse.Core.Helpers;", "a folder is named for its subject")]
    public void The_check_tells_right_from_wrong(string file, string text, string? expected)
    {
        var found = Violations("/src/Meshpulse.Core", $"/src/Meshpulse.Core/{file}", text.Split('|')).ToList();
        Assert.Equal(expected is null ? [] : [$"{Path.GetFileName(file)}: {expected}"], found);
    }

    private static IEnumerable<string> Violations(string project, string file, string[] lines)
    {
        var name = Path.GetFileName(file);
        var inside = Path.GetRelativePath(project, Path.GetDirectoryName(file)!);
        var expected = inside == "." ? Path.GetFileName(project) : $"{Path.GetFileName(project)}.{inside.Replace('/', '.')}";
        var types = lines.Select(l => PublicType().Match(l)).Where(m => m.Success).Select(m => m.Groups["name"].Value).ToList();
        var actual = lines.Select(l => NamespaceLine().Match(l)).FirstOrDefault(m => m.Success)?.Groups["name"].Value;
        // A file without a namespace holds statements only: the program's entry, or attributes of the assembly.
        var isBare = actual is null && !lines.Any(l => AnyType().IsMatch(l) || l.StartsWith("namespace ", StringComparison.Ordinal));
        if (actual is null && !isBare)
        {
            yield return $"{name}: no namespace";
        }
        else if (actual is not null && actual != expected)
        {
            yield return $"{name}: the namespace is {actual} and not {expected}";
        }

        if (types.Count > 1)
        {
            yield return $"{name}: {types.Count} public types: {string.Join(", ", types)}";
        }
        else if (types is [var type] && type != name.Split('.')[0])
        {
            yield return $"{name}: holds {type}";
        }

        if (inside.Split('/').Any(f => f is "Helpers" or "Models" or "Services" or "Utils" or "Common"))
        {
            yield return $"{name}: a folder is named for its subject";
        }
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^public ([a-z]+ )*?(class|interface|enum|record struct|record class|record|struct|delegate \S+) (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^(public|internal|file) ([a-z]+ )*?(class|interface|enum|record|struct|delegate) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AnyType();
}
