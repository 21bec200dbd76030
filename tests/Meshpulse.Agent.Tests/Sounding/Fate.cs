namespace Meshpulse.Agent.Tests.Sounding;

/// <summary>What becomes of a request.</summary>
internal enum Fate
{
    Answer,
    LoseForward,
    LoseBackward,
    AnswerTwice,
    RestartAndAnswer,
}
