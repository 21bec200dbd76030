namespace Meshpulse.Cli.Commands;

/// <summary>What <c>config check --json</c> prints.</summary>
/// <param name="File">The name of the file as it was given.</param>
/// <param name="Ok">True where there are no errors.</param>
internal sealed record ConfigCheckReport(string File, bool Ok, IReadOnlyList<ConfigCheckEntry> Errors, IReadOnlyList<ConfigCheckEntry> Warnings);
