namespace Meshpulse.Cli.Commands;

/// <summary>One mistake or warning of <see cref="ConfigCheckReport"/>.</summary>
/// <param name="Line">From 1; 0 where the mistake has no place in the file.</param>
/// <param name="Column">From 1, in Unicode code points; 0 where the mistake has no place in the file.</param>
internal sealed record ConfigCheckEntry(int Line, int Column, string Message);
