using Meshpulse.Core.Checks;

namespace Meshpulse.Agent.Hosting;

/// <summary>Who is told what the checks see: the console. May be called from several threads, one call at a time, in the order in which things happened.</summary>
public interface ICheckListener
{
    /// <summary>A report is due.</summary>
    void OnReport(CheckReport report);

    /// <summary>Something happened that an operator wants to know.</summary>
    void OnNote(CheckNote note);
}
