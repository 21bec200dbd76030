using System.Xml.Linq;

namespace Meshpulse.Cli.Tests.Architecture;

public sealed class ProjectReferenceTests
{
    /// <summary>What the compiled projects use; a reference that only the project file has is not in there.</summary>
    [Fact]
    public void The_assemblies_use_only_what_they_may() =>
        Assert.Empty(Rooms.Assemblies.SelectMany(a => Violations(a.GetName().Name!, a.GetReferencedAssemblies().Select(r => r.Name!))));

    [Fact]
    public void The_project_files_refer_only_to_what_they_may() =>
        Assert.Empty(Rooms.ProjectFiles.SelectMany(f => Violations(Rooms.AssemblyName(f), ReferencesOf(f))));

    [Fact]
    public void Every_project_has_its_place_in_the_plan() =>
        Assert.Equal(Rooms.Allowed.Keys.Order(StringComparer.Ordinal), Rooms.ProjectFiles.Select(Rooms.AssemblyName).Order(StringComparer.Ordinal));

    /// <summary>A package is code that somebody else changes: only the agent and the executable may have any.</summary>
    [Fact]
    public void Only_the_agent_and_the_executable_have_packages() =>
        Assert.DoesNotContain(
            Rooms.ProjectFiles.Where(f => Rooms.AssemblyName(f) is not ("Meshpulse.Agent" or "meshpulse")),
            f => XDocument.Load(f).Descendants().Any(e => e.Name.LocalName is "PackageReference" or "FrameworkReference"));

    [Fact]
    public void The_checks_can_fail()
    {
        Assert.Equal(["Meshpulse.Core uses Meshpulse.Linux"], Violations("Meshpulse.Core", ["Meshpulse.Wire", "Meshpulse.Linux", "System.Runtime"]));
        Assert.Equal(["Meshpulse.Wire uses Meshpulse.Core"], Violations("Meshpulse.Wire", ["Meshpulse.Core"]));
        Assert.Equal(["Meshpulse.Sim uses meshpulse"], Violations("Meshpulse.Sim", ["meshpulse"]));
        Assert.Equal(["Meshpulse.New is not in the plan"], Violations("Meshpulse.New", []));
        Assert.Contains("Meshpulse.Core", Rooms.Assemblies.Single(a => a.GetName().Name == "Meshpulse.Agent").GetReferencedAssemblies().Select(r => r.Name));
        Assert.Equal(["Meshpulse.Wire"], ReferencesOf(Rooms.ProjectFiles.Single(f => Rooms.AssemblyName(f) == "Meshpulse.Core")));
    }

    private static IEnumerable<string> Violations(string project, IEnumerable<string> references) =>
        !Rooms.Allowed.TryGetValue(project, out var allowed)
            ? [$"{project} is not in the plan"]
            : references.Where(r => Rooms.IsOurs(r) && !allowed.Contains(r)).Select(r => $"{project} uses {r}");

    private static IEnumerable<string> ReferencesOf(string projectFile) =>
        XDocument.Load(projectFile).Descendants("ProjectReference")
            .Select(e => Rooms.AssemblyName(Path.GetFullPath(e.Attribute("Include")!.Value, Path.GetDirectoryName(projectFile)!)));
}
