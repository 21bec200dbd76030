using Meshpulse.Core.Diagnosis.Transcripts;

namespace Meshpulse.Core.Tests.Diagnosis.Transcripts;

public sealed class TranscriptNamesTests
{
    [Fact]
    public void A_file_is_of_who_it_says_it_is_or_of_who_the_operator_says_or_of_its_name()
    {
        var names = new TranscriptNames([(Printed("10.0.0.1:12222"), null, "a"), (Printed("10.0.0.2:12222"), "web2", "b"), (Printed(null), null, "c"), (Printed("0.0.0.0:12222"), null, "d")]);
        Assert.Equal(["10.0.0.1", "web2", "c", "d"], names.Nodes);
        Assert.Equal("web2", names.Meanings["10.0.0.2"]);
        Assert.Equal("10.0.0.1", names.Meanings["10.0.0.1:12222"]);
    }

    [Fact]
    public void Nodes_of_one_address_go_by_their_ports() =>
        Assert.Equal(["127.0.0.1:12222", "127.0.0.1:12223"], new TranscriptNames([(Printed("127.0.0.1:12222"), null, "a"), (Printed("127.0.0.1:12223"), null, "b")]).Nodes);

    [Fact]
    public void What_mehsh_calls_an_address_is_what_meshmonitor_means_by_it()
    {
        var names = new TranscriptNames([(Probed("web1", "web2", "10.0.0.2"), null, "a"), (Printed("10.0.0.2:12222"), null, "b"), (Probed("web3", "web1", "10.0.0.1"), "front", "c")]);
        Assert.Equal("web2", names.Nodes[1]);
        Assert.Equal("web1", names.Meanings["10.0.0.1"]);
        Assert.Equal("front", names.Meanings["web3"]);
    }

    [Fact]
    public void An_address_of_two_names_is_none_of_both()
    {
        var names = new TranscriptNames([(Probed("web1", "web2", "10.0.0.2"), null, "a"), (Probed("web1", "other", "10.0.0.2"), null, "b")]);
        Assert.Equal("10.0.0.2", names.Meanings["10.0.0.2"]);
    }

    private static TranscriptReader Printed(string? address) => Read($"08:00:00 [               ] {(address is null ? "" : $"Starting meshmonitor. Binding to address {address}")}");

    private static TranscriptReader Probed(string from, string to, string ip) =>
        Read($"2022-03-25 09:56:37 server: {from} -> {to}, ip: {ip}, req: 1, resp: 1, max_lat: None, min_lat: None, mode: normal, loss: 0, withoutloss");

    private static TranscriptReader Read(string line)
    {
        var reader = new TranscriptReader("", default);
        Assert.True(reader.Take(line, []));
        return reader;
    }
}
