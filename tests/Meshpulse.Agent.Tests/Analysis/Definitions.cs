using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Analysis;

/// <summary>Definitions and times for tests.</summary>
internal static class Definitions
{
    public static AnalysisDefinition Of(string command, string name = "mtr", string from = "local", string to = "fail") => new()
    {
        Name = name,
        From = new ServerFacts(from, "10.0.0.1", "fra.dc11"),
        To = new ServerFacts(to, "127.0.222.1", "fra.dc12"),
        MinLoss = 20,
        Command = command,
    };

    public static MonoTime At(double seconds) => new((long)(seconds * 1e9));
}
