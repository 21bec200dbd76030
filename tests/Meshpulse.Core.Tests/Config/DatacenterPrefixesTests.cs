using Meshpulse.Core.Config;

namespace Meshpulse.Core.Tests.Config;

public sealed class DatacenterPrefixesTests
{
    [Theory]
    [InlineData("fra", "fra")]
    [InlineData("fra.dc11", "fra,fra.dc11")]
    [InlineData("eu.fra.dc11", "eu,eu.fra,eu.fra.dc11")]
    [InlineData(null, "no-datacenter")]
    [InlineData("", "no-datacenter")]
    [InlineData("fra..dc11", "fra,fra..dc11")]
    [InlineData(".fra", ".fra")]
    [InlineData("fra.", "fra.")]
    [InlineData("...", "...")]
    public void Each_dotted_prefix_is_a_level(string? datacenter, string levels) => Assert.Equal(levels.Split(','), DatacenterPrefixes.Of(datacenter));

    [Fact]
    public void The_full_name_is_that_of_the_source() => Assert.Equal(("fra.dc11", "no-datacenter"), (DatacenterPrefixes.NameOf("fra.dc11"), DatacenterPrefixes.NameOf(null)));
}
