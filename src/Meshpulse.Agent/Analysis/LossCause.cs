namespace Meshpulse.Agent.Analysis;

/// <summary>Too much was lost.</summary>
/// <param name="Window">What a report said.</param>
/// <param name="MinLoss">What is too much.</param>
internal sealed record LossCause(LossWindow Window, long MinLoss) : AnalysisCause
{
    /// <inheritdoc />
    public override string ToString() => $"{Window.Loss} of {Window.Requests} requests lost in {Window.Length} (min_loss {MinLoss})";
}
