namespace Meshpulse.Agent.Tests.Hosting;

public class FrameAttackV4Tests() : FrameAttacks(v6: false);
