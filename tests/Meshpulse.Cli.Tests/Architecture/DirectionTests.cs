using Meshpulse.Cli.Tests.Architecture.Samples.High;
using Meshpulse.Cli.Tests.Architecture.Samples.Low;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Architecture;

public sealed class DirectionTests
{
    private const string Samples = "Meshpulse.Cli.Tests.Architecture.Samples";

    /// <summary>Time, Wire values, Statistics, Probing, Membership; Config stands beside them and knows the names of verdicts; Checks stands upon it.</summary>
    private static readonly Dictionary<string, string[]> s_core = new(StringComparer.Ordinal)
    {
        ["Time"] = [],
        ["Statistics"] = ["Time", "Meshpulse.Wire"],
        ["Probing"] = ["Time", "Meshpulse.Wire", "Statistics"],
        ["Membership"] = ["Time", "Meshpulse.Wire", "Statistics", "Probing"],
        ["Config"] = ["Time", "Meshpulse.Wire", "Diagnosis"],
        ["Vitals"] = ["Time", "Meshpulse.Wire", "Statistics"],
        ["Diagnosis"] = ["Time", "Meshpulse.Wire", "Statistics", "Probing", "Membership", "Vitals"],
        ["Checks"] = ["Time", "Meshpulse.Wire", "Statistics", "Probing", "Config"],
    };

    [Fact]
    public void Inside_Core_the_traffic_runs_one_way() =>
        Assert.Empty(Directions.Violations(typeof(MonoTime).Assembly.GetTypes(), "Meshpulse.Core", s_core).Distinct());

    [Fact]
    public void Wire_uses_values_from_its_formats_and_not_the_other_way_round() =>
        Assert.Empty(Directions.Violations(
            System.Reflection.Assembly.Load("Meshpulse.Wire").GetTypes(),
            "Meshpulse.Wire",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { ["Primitives"] = [], ["Heartbeat"] = ["Primitives"], ["UdpPing"] = ["Primitives"], ["AgentUdp"] = [], ["Echo"] = [], ["Stamp"] = ["Primitives"] }));

    [Theory]
    [InlineData(typeof(InAField))]
    [InlineData(typeof(InAParameter))]
    [InlineData(typeof(InAReturn))]
    [InlineData(typeof(InABase))]
    [InlineData(typeof(InAnAttribute))]
    [InlineData(typeof(InACall))]
    [InlineData(typeof(InAGenericCall))]
    [InlineData(typeof(InATest))]
    [InlineData(typeof(InALambda))]
    [InlineData(typeof(InAConstraint<>))]
    public void A_use_against_the_direction_is_found_wherever_it_stands(Type offender)
    {
        var types = offender.Assembly.GetTypes().Where(t => t == offender || t.DeclaringType == offender);
        var allowed = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["Low"] = [], ["High"] = ["Low"] };
        var found = Directions.Violations(types, Samples, allowed).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, line => Assert.Contains($"uses {typeof(HighAttribute)} of High", line, StringComparison.Ordinal));
    }

    [Fact]
    public void What_breaks_no_rule_is_not_accused()
    {
        var allowed = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["Low"] = [], ["High"] = [] };
        Assert.Empty(Directions.Violations([typeof(InNothing), typeof(HighAttribute)], Samples, allowed));
        allowed["Low"] = ["High"];
        Assert.Empty(Directions.Violations([typeof(InACall)], Samples, allowed));
    }

    [Fact]
    public void A_folder_that_the_plan_does_not_know_is_reported()
    {
        var allowed = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["High"] = [] };
        Assert.Equal(["Low: the plan has no place for this folder"], Directions.Violations([typeof(InNothing)], Samples, allowed));
    }
}
