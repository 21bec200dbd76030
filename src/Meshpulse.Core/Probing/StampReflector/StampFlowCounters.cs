namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>What a Direct Measurement TLV is answered with, mod 2^32.</summary>
/// <param name="Received">R_RxC.</param>
/// <param name="Transmitted">R_TxC.</param>
public readonly record struct StampFlowCounters(uint Received, uint Transmitted);
