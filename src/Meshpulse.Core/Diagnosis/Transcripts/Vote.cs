namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>Who else tells of the time of a trouble, and who saw the same.</summary>
internal sealed class Vote
{
    // What share of what was seen of a host, or between datacenters, must suffer; as in DiagnosisSettings.WideShare.
    private const int ShareOf4 = 3;

    private readonly Trouble _of;

    public Vote(Trouble of)
    {
        _of = of;
        Members.Add(of);
        Edges = EdgesOf(of);
    }

    public int Asked { get; private set; }

    public int Agreed { get; private set; }

    public List<Trouble> Members { get; } = [];

    public HashSet<(string From, string To)> Edges { get; }

    public bool IsMost => Agreed > 0 && (Agreed + 1) * 4 >= (Asked + 1) * ShareOf4;

    /// <summary>The directions that a trouble is of.</summary>
    public static HashSet<(string From, string To)> EdgesOf(Trouble trouble) =>
        trouble.IsDirected ? [(trouble.Subject, trouble.Observer)] : [(trouble.Subject, trouble.Observer), (trouble.Observer, trouble.Subject)];

    /// <summary>Asks for what a node printed of another; for the trouble itself nobody is asked again.</summary>
    public void Ask(string observer, string subject, PairLog log)
    {
        if ((observer == _of.Observer && subject == _of.Subject) || !log.Tells(_of))
        {
            return;
        }

        Asked++;
        if (log.Agreeing(_of) is { } same)
        {
            Agreed++;
            Members.Add(same);
            Edges.UnionWith(EdgesOf(same));
        }
    }
}
