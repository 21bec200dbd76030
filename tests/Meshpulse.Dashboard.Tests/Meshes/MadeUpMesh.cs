using System.Diagnostics;
using System.Globalization;
using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Dashboard.Tests.Meshes;

/// <summary>The mock: a mesh of any size whose faults are known, behind the same API. Skips the test where there is no node.</summary>
internal sealed class MadeUpMesh : IAsyncDisposable
{
    private readonly Process _process;

    private MadeUpMesh(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>The address to open.</summary>
    public string Address { get; }

    /// <summary>Starts it.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="faults">Which, by the mock's names, with commas.</param>
    /// <param name="further">Its other options.</param>
    public static async Task<MadeUpMesh> StartAsync(int nodes, string faults, params string[] further)
    {
        Checkout.RequireDashboard();
        var process = await Nursery.StartAsync([
            Tool.Require("node", "nodejs"), Checkout.MockFile, "--nodes", nodes.ToString(CultureInfo.InvariantCulture), "--faults", faults, "--port", "0", "--dist", Checkout.DistFolder, .. further]);
        process.StandardInput.Close();
        var output = new OutputLog(process.StandardOutput);
        var error = new OutputLog(process.StandardError);
        await Until.HoldsAsync(() => output.Lines.Count > 0, () => $"the mock does not start: {error.Text}");
        return new MadeUpMesh(process, output.Lines[0]);
    }

    /// <summary>Ends all streams and answers nothing for a while, as a node that is restarted.</summary>
    public async Task FallSilentAsync(TimeSpan time)
    {
        using var client = new HttpClient();
        await client.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"{Address}mock/silence?ms={time.TotalMilliseconds:0}"));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Until.Hang);
        _process.Dispose();
    }
}
