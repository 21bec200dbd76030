using System.Reflection;
using System.Xml.Linq;

namespace Meshpulse.Cli.Tests.Architecture;

/// <summary>The projects of the house, as assemblies and as source folders.</summary>
internal static class Rooms
{
    /// <summary>Which of our projects each may use, directly.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Meshpulse.Wire"] = [],
        ["Meshpulse.Core"] = ["Meshpulse.Wire"],
        ["Meshpulse.Linux"] = ["Meshpulse.Wire", "Meshpulse.Core"],
        ["Meshpulse.Agent"] = ["Meshpulse.Wire", "Meshpulse.Core", "Meshpulse.Linux"],
        // The simulator is part of the program so that whoever doubts a verdict can try the diagnosis without a source tree.
        ["meshpulse"] = ["Meshpulse.Wire", "Meshpulse.Core", "Meshpulse.Linux", "Meshpulse.Agent", "Meshpulse.Sim"],
        ["Meshpulse.Sim"] = ["Meshpulse.Wire", "Meshpulse.Core"],
    };

    /// <summary>The folder of the solution.</summary>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Meshpulse.slnx")))
                {
                    return folder.FullName;
                }
            }

            throw new DirectoryNotFoundException($"no Meshpulse.slnx above {AppContext.BaseDirectory}");
        }
    }

    public static IEnumerable<Assembly> Assemblies => Allowed.Keys.Select(Assembly.Load);

    /// <summary>The project files of src and sim.</summary>
    public static IEnumerable<string> ProjectFiles =>
        new[] { "src", "sim" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root, f), "*.csproj", SearchOption.AllDirectories));

    /// <summary>The C# files of src and sim, by project folder.</summary>
    public static IEnumerable<(string Project, string File)> SourceFiles =>
        from project in ProjectFiles
        let folder = Path.GetDirectoryName(project)!
        from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        let inside = Path.GetRelativePath(folder, file)
        where !inside.StartsWith("obj/", StringComparison.Ordinal) && !inside.StartsWith("bin/", StringComparison.Ordinal)
        select (folder, file);

    /// <summary>The name of the assembly that a project makes.</summary>
    public static string AssemblyName(string projectFile) =>
        XDocument.Load(projectFile).Descendants("AssemblyName").SingleOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(projectFile);

    public static bool IsOurs(string assemblyName) =>
        assemblyName == "meshpulse" || assemblyName.StartsWith("Meshpulse.", StringComparison.Ordinal);
}
