using Meshpulse.Core.Config;
using static Meshpulse.Core.Tests.Config.ConfigSample;

namespace Meshpulse.Core.Tests.Config;

public sealed class PlaceholderTemplateTests
{
    [Theory]
    [InlineData("mtr {{server.to.ip}}", "mtr <server.to.ip>")]
    [InlineData("{{server.from.ip}}{{server.from.extra1}}{{server.to.extra3}}", "<server.from.ip><server.from.extra1><server.to.extra3>")]
    [InlineData("{{ server.to.ip }}", "<server.to.ip>")]
    [InlineData("{{{server.to.ip}}}", "{<server.to.ip>}")]
    [InlineData("docker ps --format '{{.Names}}' {{server.to.ip}}", "docker ps --format '{{.Names}}' <server.to.ip>")]
    [InlineData("{{ {{server.to.ip}}", "{{ <server.to.ip>")]
    [InlineData("{{Server.To.Ip}} {{server.to.ip}", "{{Server.To.Ip}} {{server.to.ip}")]
    [InlineData("{{", "{{")]
    [InlineData("", "")]
    public void Only_placeholders_are_replaced(string text, string expected)
    {
        var template = PlaceholderTemplate.Parse(text);
        Assert.Equal(expected, template.Expand(p => $"<{p}>"));
        Assert.Empty(template.Unknown);
        Assert.Equal(text, template.Text);
    }

    [Fact]
    public void A_value_is_never_taken_for_a_placeholder() =>
        Assert.Equal("{{server.to.ip}} {{server.to.ip}}", PlaceholderTemplate.Parse("{{server.to.extra1}} {{server.to.extra2}}").Expand(_ => "{{server.to.ip}}"));

    [Fact]
    public void What_only_begins_like_one_is_named()
    {
        var template = PlaceholderTemplate.Parse("{{server.to.extra4}} {{server.to.ip}} {{server.}} {{server.to.extra4}}");
        Assert.Equal(["server.to.extra4", "server."], template.Unknown);
        Assert.Equal([new Placeholder(true, PlaceholderField.Ip)], template.Placeholders);
    }

    [Fact]
    public void Values_come_from_the_side_that_is_named()
    {
        var servers = Sound(Local).Servers;
        var text = PlaceholderTemplate.Parse("{{server.from.ip}} {{server.to.ip}} {{server.from.extra2}} [{{server.to.extra2}}]");
        Assert.Equal("127.0.0.1 127.0.222.1 another one []", text.Expand(p => p.ValueFor(servers[0], servers[1])));
    }
}
