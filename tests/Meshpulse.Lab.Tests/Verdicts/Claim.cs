namespace Meshpulse.Lab.Verdicts;

/// <summary>That a verdict is said of a place.</summary>
/// <param name="What">The verdict, such as <c>host.frozen</c>.</param>
/// <param name="Where">The place as it is printed, such as <c>10.77.0.2</c>, <c>10.77.0.1 -> 10.77.0.2</c> or <c>datacenters east &lt;-> west</c>.</param>
internal sealed record Claim(string What, string Where)
{
    /// <summary>These verdicts of one place, any of which will do.</summary>
    public static Claim[] Any(string where, params IEnumerable<string> what) => [.. what.Select(w => new Claim(w, where))];

    /// <summary>Whether a line says this. Flows that are named behind the place, as in <c>, source port 40001</c>, narrow it and don't change it.</summary>
    public bool Fits(Saying saying) => saying.What == What
        && (saying.Where == Where || saying.Where.StartsWith(Where + ", source port", StringComparison.Ordinal));

    /// <inheritdoc />
    public override string ToString() => $"{What} {Where}";
}
