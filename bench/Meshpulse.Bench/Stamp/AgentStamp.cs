using Meshpulse.Bench.Ping;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Stamp;

/// <summary>The agent's stamp checks as anybody starts them.</summary>
internal sealed class AgentStamp(BenchOptions options, bool realtime = false) : AgentPing(options, PathPlan.CheckFile(options), realtime)
{
    public override IReadOnlyList<string> Reflector => PathPlan.Reflector;
}
