using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Reports;

namespace Meshpulse.Lab.Checks;

/// <summary>Checkers of one file, and what all of them together say.</summary>
internal sealed class CheckerGroup : IAsyncDisposable
{
    private readonly List<Checker> _members = [];
    private readonly Dictionary<Checker, int> _healthySince = [];

    /// <summary>Those that were started, in that order.</summary>
    public IReadOnlyList<Checker> Members => _members;

    /// <summary>All that they printed, for messages.</summary>
    public string Printed => string.Join('\n', _members.Select(member => member.Printed));

    /// <summary>Starts one.</summary>
    public async Task AddAsync(LandscapeFile file, string name, Place place, params IReadOnlyList<string> options) =>
        _members.Add(await Checker.StartAsync(file, name, place, options));

    /// <summary>
    /// Waits until each has a report in which every pair has at least so many requests, all of them answered; gives the pairs. From there on they
    /// count as healthy: see <see cref="AssertLoseAsync"/>.
    /// </summary>
    public async Task<IReadOnlyList<string>> AssertAllAnswerAsync(long requests)
    {
        foreach (var member in _members)
        {
            // While they start, who is not there yet is lost; with its window that goes away.
            await member.ReportAsync(window => window.Servers.All(row => row.Requests >= requests && row.Loss == 0), $"with {requests} answers of each");
        }

        Mark();
        return [.. _members.SelectMany(member => member.Transcript.Windows[^1].Servers.Select(row => row.Path))];
    }

    /// <summary>Waits until these pairs lose, and fails where any other one lost since all were healthy.</summary>
    public async Task AssertLoseAsync(IReadOnlyCollection<string> pairs)
    {
        foreach (var member in _members)
        {
            await member.ReportAsync(
                window => window.Servers.Where(row => pairs.Contains(row.Path)).All(row => row.Loss > 0), $"in which {string.Join(", ", pairs)} lose", _healthySince[member]);
        }

        // One report more of each: whoever else lost has said so by then.
        foreach (var (member, count) in _members.ConvertAll(member => (member, member.Transcript.Windows.Count)))
        {
            await member.ReportAsync(_ => true, "at all", count);
        }

        AssertOthersAnswer(pairs);
        _members.ForEach(member => Assert.All(Since(member), window => window.AssertSums(new Dictionary<string, string>())));
        foreach (var member in _members)
        {
            _healthySince[member] = member.Transcript.Windows.Count;
        }
    }

    /// <summary>Waits until the loss has gone from every window.</summary>
    public async Task AssertHealsAsync()
    {
        foreach (var member in _members)
        {
            await member.ReportAsync(window => window.Servers.All(row => row is { Loss: 0, Responses: > 0 }), "without loss", _healthySince[member]);
        }

        Mark();
    }

    /// <summary>Ends all.</summary>
    public async Task StopAsync()
    {
        foreach (var member in _members)
        {
            await member.StopAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }
    }

    private IEnumerable<CheckWindow> Since(Checker member) => member.Transcript.Windows.Skip(_healthySince[member]);

    private void AssertOthersAnswer(IReadOnlyCollection<string> pairs)
    {
        foreach (var member in _members)
        {
            var others = Since(member).SelectMany(window => window.Servers).Where(row => !pairs.Contains(row.Path));
            Assert.All(others, row => Assert.True(row.Loss == 0, $"{row.Path} lost:\n{Printed}"));
        }
    }

    private void Mark()
    {
        foreach (var member in _members)
        {
            _healthySince[member] = member.Transcript.Windows.Count;
        }
    }
}
