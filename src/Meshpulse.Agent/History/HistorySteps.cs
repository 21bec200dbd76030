namespace Meshpulse.Agent.History;

/// <summary>Which lengths windows that are asked for can have: those that the store's resolutions divide, and that people count in.</summary>
internal static class HistorySteps
{
    private static readonly int[] s_steps =
        [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

    /// <summary>The shortest that is as long as wanted, in seconds; the longest where none is.</summary>
    public static int AtLeast(double seconds) => s_steps.FirstOrDefault(s => s >= seconds, s_steps[^1]);

    /// <summary>Which resolution windows of a length are made from: the coarsest that divides it.</summary>
    public static int LevelOf(int step)
    {
        var level = 0;
        for (var i = 1; i < HistoryLevel.Usual.Count; i++)
        {
            level = step % HistoryLevel.Usual[i].Step == 0 ? i : level;
        }

        return level;
    }
}
