using System.Net;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Sounding;

/// <summary>Two hosts on a switch, the second with a reflector, and the probe command on the first.</summary>
internal sealed class ProbePath : IAsyncDisposable
{
    /// <summary>STAMP's.</summary>
    public const int Port = 862;

    private readonly SwitchLab _lab;
    private NodeProcess? _reflector;

    private ProbePath(SwitchLab lab) => _lab = lab;

    /// <summary>The reflector's host.</summary>
    public LabHost Target => _lab.Hosts[1];

    /// <summary>From the probe to the reflector.</summary>
    public SwitchWire There => _lab.Wire(_lab.Hosts[0], _lab.Hosts[1]);

    /// <summary>From the reflector to the probe.</summary>
    public SwitchWire Back => _lab.Wire(_lab.Hosts[1], _lab.Hosts[0]);

    /// <summary>A path with <c>meshpulse reflect</c> at its end.</summary>
    public static async Task<ProbePath> CreateAsync()
    {
        var path = await CreateBareAsync();
        try
        {
            var node = path._reflector = await NodeProcess.StartAsync(["reflect", "--listen", $":{Port}"], path.Target.Network);
            await node.LineAsync(line => line.Contains("reflects STAMP at", StringComparison.Ordinal), "the start");
            return path;
        }
        catch
        {
            await path.DisposeAsync();
            throw;
        }
    }

    /// <summary>A path with nothing at its end yet.</summary>
    public static async Task<ProbePath> CreateBareAsync() => new(await SwitchLab.CreateAsync(2));

    /// <summary>Probes, to the end; then all is in the switch's books too.</summary>
    /// <param name="count">Packets; that many have to leave, whatever the host's load made unsent.</param>
    /// <param name="milliseconds">Between them.</param>
    /// <param name="flows">Source ports.</param>
    /// <param name="v6">By IPv6.</param>
    public async Task<ProbeSummary> ProbeAsync(int count, double milliseconds, int flows = 1, bool v6 = false)
    {
        var target = v6 ? $"[{Target.V6}]:{Port}" : $"{new IPEndPoint(Target.V4, Port)}";
        // A machine that stands still for a second is no network that loses.
        string[] command = ["probe", target, "-c", $"{count}", "-i", $"{milliseconds}", "--flows", $"{flows}", "--timeout", "2000", "--json"];
        await using var node = await NodeProcess.StartAsync(command, _lab.Hosts[0].Network);
        var exit = await node.ExitAsync();
        Assert.True(exit == 0, $"probe ended with {exit}: {node.Error.Text}{node.Output.Text}");
        await _lab.SettleAsync();
        // The probe may have all that it wants, and end, before the reflector has come round to a copy.
        await Until.HoldsAsync(
            () => Back.Count(Port).Arrived == There.Count(Port).Forwarded + There.Count(Port).Duplicated, () => $"the reflector did not answer all: {node.Output.Text}{_lab}");
        await _lab.SettleAsync();
        var summary = new ProbeSummary(node.Output.Text);
        var total = summary.Total;
        Assert.Equal(count, total.Sent);
        Assert.Equal(total.Sent, total.Answered + total.Late + total.Lost);
        // Else the lab itself has lost packets.
        Assert.True(There.Count(Port).Arrived == count, Explain(summary));
        return summary;
    }

    /// <summary>Both sides' figures, for a failure.</summary>
    public string Explain(ProbeSummary summary) => $"the probe says {summary}the switch says {_lab}";

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_reflector is not null)
        {
            await _reflector.DisposeAsync();
        }

        _lab.Dispose();
    }
}
