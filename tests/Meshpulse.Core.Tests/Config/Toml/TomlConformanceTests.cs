using System.Text.Json;
using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>
/// The public conformance suite (https://github.com/toml-lang/toml-test, its test folder), which is not part of this
/// repository: MESHPULSE_TOML_TEST names its folder, or it lies beside the repository in shared/toml-test.
/// </summary>
public sealed class TomlConformanceTests
{
    private const string Variable = "MESHPULSE_TOML_TEST";

    [Fact]
    public void Every_valid_document_gives_the_suites_values()
    {
        var files = Files("valid");
        var failures = new List<string>();
        foreach (var file in files)
        {
            var result = TomlParser.Parse(File.ReadAllBytes(file), file);
            using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(file, ".json")));
            if (result.Root is null)
                failures.Add(string.Join('\n', result.Errors));
            else if (TomlTagged.Difference(result.Root, expected.RootElement) is { } difference)
                failures.Add($"{file}: {difference}");
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {files.Count} fail:\n{string.Join('\n', failures)}");
    }

    [Fact]
    public void Every_invalid_document_is_refused_with_a_place_in_it()
    {
        var files = Files("invalid");
        var failures = new List<string>();
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            var result = TomlParser.Parse(bytes, file);
            if (result.Errors.Count == 0)
                failures.Add($"{file} was accepted");
            failures.AddRange(result.Errors.Where(error => !TomlSample.IsWithin(bytes, error.Position)).Select(error => $"{error} lies outside"));
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {files.Count} fail:\n{string.Join('\n', failures)}");
    }

    private static List<string> Files(string kind)
    {
        var folder = Folder();
        Assert.SkipWhen(folder is null, $"the conformance suite is not here: set {Variable} to its folder, the one with valid/ and invalid/");
        var files = Directory.EnumerateFiles(Path.Combine(folder, kind), "*.toml", SearchOption.AllDirectories);

        // A full checkout holds the cases of all versions, and a list of those that belong to 1.0.
        var list = Path.Combine(folder, "files-toml-1.0.0");
        if (File.Exists(list))
            files = files.Intersect(File.ReadAllLines(list).Select(line => Path.Combine(folder, line)), StringComparer.Ordinal);
        var found = files.Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(found);
        return found;
    }

    private static string? Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            Assert.True(Directory.Exists(Path.Combine(named, "valid")), $"{Variable} is {named}, but there is no folder {named}/valid");
            return named;
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Meshpulse.slnx")))
            root = root.Parent;
        var beside = Path.Combine(root?.Parent?.FullName ?? "", "shared", "toml-test");
        return root is not null && Directory.Exists(Path.Combine(beside, "valid")) ? beside : null;
    }
}
