using Meshpulse.Core.Config;

namespace Meshpulse.Core.Tests.Config;

public sealed class AddressFormTests
{
    [Theory]
    [InlineData("", "", null)]
    [InlineData("host", "host", null)]
    [InlineData("host:", "host", "")]
    [InlineData("host:9", "host", "9")]
    [InlineData(":9", "", "9")]
    [InlineData("::9", "::9", null)]
    [InlineData("[::1]", "::1", null)]
    [InlineData("[::1]:", "::1", "")]
    [InlineData("[::1]:9", "::1", "9")]
    public void Host_and_port_are_split(string text, string host, string? port)
    {
        Assert.Null(AddressForm.Split(text, out var left, out var right));
        Assert.Equal((host, port), (left, right));
    }

    [Theory]
    [InlineData("[::1", AddressFault.BracketOpen)]
    [InlineData("[::1]9", AddressFault.Brackets)]
    [InlineData("[]", AddressFault.Brackets)]
    [InlineData("[host]:9", AddressFault.Brackets)]
    [InlineData("[192.0.2.7]", AddressFault.Brackets)]
    public void Brackets_are_for_IPv6(string text, AddressFault fault) => Assert.Equal(fault, AddressForm.Split(text, out _, out _));

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("2001:DB8:0::7", "2001:db8::7", true)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    [InlineData("Web_1.Example.", "web_1.example.", false)]
    public void A_host_is_an_address_in_canonical_form_or_a_name_in_lower_case(string text, string host, bool isLiteral)
    {
        Assert.Null(AddressForm.ReadHost(text, out var read, out var literal));
        Assert.Equal(host, read);
        Assert.Equal(isLiteral ? host : null, literal?.AddressText);
        Assert.Equal(0, literal?.Port ?? 0);
    }

    [Theory]
    [InlineData("", AddressFault.HostMissing)]
    [InlineData("fe80::1%eth0", AddressFault.Interface)]
    [InlineData("1", AddressFault.V4)]
    [InlineData("010.0.0.1", AddressFault.V4)]
    [InlineData("192.0.2.256", AddressFault.V4)]
    [InlineData("a.1.", AddressFault.V4)]
    [InlineData(".", AddressFault.V4)]
    [InlineData("::g", AddressFault.V6)]
    [InlineData("[::1]", AddressFault.V6)]
    [InlineData("-a", AddressFault.Name)]
    [InlineData("a..b", AddressFault.Name)]
    [InlineData("a b", AddressFault.Name)]
    public void What_is_no_host_is_told_apart(string text, AddressFault fault) => Assert.Equal(fault, AddressForm.ReadHost(text, out _, out _));

    [Theory]
    [InlineData("1", 1, null)]
    [InlineData("65535", 1, null)]
    [InlineData("0", 0, null)]
    [InlineData("0", 1, AddressFault.Port)]
    [InlineData("65536", 1, AddressFault.Port)]
    [InlineData("+1", 1, AddressFault.Port)]
    [InlineData(" 1", 1, AddressFault.Port)]
    [InlineData("", 0, AddressFault.PortMissing)]
    public void A_port_has_a_range(string text, int lowest, AddressFault? fault) => Assert.Equal(fault, AddressForm.ReadPort(text, lowest, out _));
}
