namespace Meshpulse.Agent.Tests.Sounding;

/// <summary>What becomes of a request.</summary>
internal enum Fate
{
    Answer,
    LoseForward,
    LoseBackward,
    AnswerTwice,

    /// <summary>The reply leaves right behind the next one that leaves.</summary>
    AnswerBehindNext,
    RestartAndAnswer,
}
