namespace Meshpulse.Bench.Whole;

/// <summary>Where the node under test lives, and which processor is whose.</summary>
internal static class Ports
{
    public const string Address = "127.0.9.1";
    public const int Mesh = 15222;
    public const int Metrics = 15223;
    public const int Reflector = 15232;
    public const int Targets = 15233;
    public const int Peers = 15224;
    public const int NodeProcessor = 0;
    public const int OtherProcessor = 1;
}
