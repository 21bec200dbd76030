namespace Meshpulse.Bench.Ping;

/// <summary>One reflector's turn.</summary>
/// <param name="Contender">Whose.</param>
/// <param name="CamePerSecond">Datagrams that the flood sent.</param>
/// <param name="AnsweredPerSecond">Answers that the flood took in.</param>
/// <param name="ProcessorShare">Of one core, the whole process.</param>
internal sealed record ReflectorTurn(string Contender, double CamePerSecond, double AnsweredPerSecond, double ProcessorShare)
{
    /// <summary>Processor time of one datagram, with its answer where it has one.</summary>
    public double NanosecondsPerDatagram => ProcessorShare * 1e9 / CamePerSecond;
}
