using Meshpulse.Core.Probing.Trace;

namespace Meshpulse.Core.Tests.Probing.Trace;

public sealed class IcmpMeaningTests
{
    [Theory]
    [InlineData(false, 11, 0, false, TraceAnswerKind.Transit, TraceRefusal.None)]
    [InlineData(true, 3, 0, false, TraceAnswerKind.Transit, TraceRefusal.None)]
    [InlineData(false, 11, 0, true, TraceAnswerKind.Transit, TraceRefusal.None)]
    [InlineData(false, 3, 3, true, TraceAnswerKind.Destination, TraceRefusal.None)]
    [InlineData(false, 3, 2, true, TraceAnswerKind.Destination, TraceRefusal.None)]
    [InlineData(true, 1, 4, true, TraceAnswerKind.Destination, TraceRefusal.None)]
    [InlineData(true, 4, 1, true, TraceAnswerKind.Destination, TraceRefusal.None)]
    [InlineData(false, 3, 3, false, TraceAnswerKind.Refused, TraceRefusal.Port)]
    [InlineData(true, 1, 4, false, TraceAnswerKind.Refused, TraceRefusal.Port)]
    [InlineData(false, 3, 0, false, TraceAnswerKind.Refused, TraceRefusal.Network)]
    [InlineData(true, 1, 0, false, TraceAnswerKind.Refused, TraceRefusal.Network)]
    [InlineData(false, 3, 1, false, TraceAnswerKind.Refused, TraceRefusal.Host)]
    [InlineData(true, 1, 3, true, TraceAnswerKind.Refused, TraceRefusal.Host)]
    [InlineData(false, 3, 4, false, TraceAnswerKind.Refused, TraceRefusal.TooLarge)]
    [InlineData(true, 2, 0, false, TraceAnswerKind.Refused, TraceRefusal.TooLarge)]
    [InlineData(false, 3, 9, false, TraceAnswerKind.Refused, TraceRefusal.Prohibited)]
    [InlineData(false, 3, 10, false, TraceAnswerKind.Refused, TraceRefusal.Prohibited)]
    [InlineData(false, 3, 13, true, TraceAnswerKind.Refused, TraceRefusal.Prohibited)]
    [InlineData(true, 1, 1, false, TraceAnswerKind.Refused, TraceRefusal.Prohibited)]
    [InlineData(false, 3, 14, false, TraceAnswerKind.Refused, TraceRefusal.Other)]
    [InlineData(false, 12, 0, false, TraceAnswerKind.Refused, TraceRefusal.Other)]
    [InlineData(true, 4, 0, false, TraceAnswerKind.Refused, TraceRefusal.Other)]
    [InlineData(false, 11, 1, false, TraceAnswerKind.None, TraceRefusal.None)]
    [InlineData(true, 3, 1, false, TraceAnswerKind.None, TraceRefusal.None)]
    [InlineData(false, 5, 0, true, TraceAnswerKind.None, TraceRefusal.None)]
    public void Type_and_code_say_where_a_path_goes(bool isV6, int type, int code, bool isFromTarget, TraceAnswerKind kind, TraceRefusal refusal) =>
        Assert.Equal(new IcmpMeaning(kind, refusal), IcmpMeaning.Of(isV6, type, code, isFromTarget));
}
