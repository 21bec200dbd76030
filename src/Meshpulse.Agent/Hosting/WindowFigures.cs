namespace Meshpulse.Agent.Hosting;

/// <summary>
/// What a histogram of a window says, in milliseconds; null where nothing was measured: no data is not zero.
/// </summary>
/// <param name="Count">How many values, those put in for omitted ones included.</param>
public readonly record struct WindowFigures(long Count, double? Max, double? Mean, double? P99, double? P999, double? P9999);
