namespace Meshpulse.Agent.Tests.Hosting;

public class FrameAttackV6Tests() : FrameAttacks(v6: true);
