using Meshpulse.Lab.Metrics;

namespace Meshpulse.Lab.Paths;

/// <summary>What a metrics page says became of the packets of one path.</summary>
internal readonly record struct PathTally(
    double Sent, double Unsent, double Answered, double Late, double Forward, double Backward, double Unknown, double Duplicates, double Restarts, double Steps)
{
    /// <summary>Nothing is under way any more.</summary>
    public bool IsDecided => Sent == Answered + Late + Lost;

    /// <summary>In both directions and in neither.</summary>
    public double Lost => Forward + Backward + Unknown;

    /// <summary>The losses by their direction.</summary>
    public (double Forward, double Backward, double Unknown) Losses => (Forward, Backward, Unknown);

    /// <summary>Reads a page; NaN where it has no such path.</summary>
    /// <param name="page">The page.</param>
    /// <param name="target">The path's target.</param>
    /// <param name="check"><c>stamp</c> of the checks, <c>mesh</c> of the mesh.</param>
    public static PathTally Read(MetricsPage page, string target, string check = "stamp")
    {
        (string Label, string Value)[] labels = [("target", target), ("check", check)];
        double Counter(string name) => page.Find($"meshpulse_path_{name}_total", labels);
        double Lost(string direction) => page.Find("meshpulse_path_lost", [.. labels, ("direction", direction)]);
        return new PathTally(
            Counter("sent"), Counter("unsent"), Counter("answered"), Counter("late"), Lost("forward"), Lost("backward"), Lost("unknown"),
            Counter("duplicates"), Counter("reflector_restarts"), Counter("clock_steps"));
    }
}
