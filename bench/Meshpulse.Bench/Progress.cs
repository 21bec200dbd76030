namespace Meshpulse.Bench;

/// <summary>What a bench tells while it measures: a line for each turn, so that nobody takes an hour's silence for a hang.</summary>
internal static class Progress
{
    /// <summary>Says how long it will take, about.</summary>
    /// <param name="bench">Its name.</param>
    /// <param name="turns">How many turns.</param>
    /// <param name="secondsEach">How long each takes, what surrounds the measurement included.</param>
    public static void Plan(string bench, int turns, int secondsEach) =>
        Say($"{bench}: {turns} turns of about {secondsEach} s, together {TimeSpan.FromSeconds(turns * secondsEach):h\\:mm\\:ss}");

    /// <summary>Says one line.</summary>
    public static void Say(string text) => Console.WriteLine($"{TimeOnly.FromDateTime(DateTime.Now):HH:mm:ss} {text}");
}
