using System.Net;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Probing.Trace;

/// <summary>A network in virtual time that answers a session's probes, and knows the truth about each.</summary>
internal sealed class TraceWorld
{
    private readonly PriorityQueue<TraceAnswer, (long At, int Number)> _answers = new();
    private readonly TraceSession _session;
    private readonly TraceOptions _options;
    private int _number;

    public TraceWorld(TraceOptions options)
    {
        _options = options;
        _session = new TraceSession(options, Now);
    }

    public TraceSession Session => _session;

    public MonoTime Now { get; private set; } = new(1_000_000_000);

    /// <summary>What becomes of a probe: nothing, or an answer with its delay.</summary>
    public required Func<TraceProbe, Reply?> Answer { get; init; }

    /// <summary>Probes with the times at which they left.</summary>
    public List<(TraceProbe Probe, MonoTime At)> Sent { get; } = [];

    /// <summary>What each answer was called.</summary>
    public List<(TraceAnswer Answer, TraceOutcome Outcome)> Outcomes { get; } = [];

    public static NodeEndpoint Address(int number) => NodeEndpoint.From(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 0);

    /// <summary>An answer from a router at a hop.</summary>
    public static Reply Router(int number, double milliseconds = 1) => new(Address(number), TraceAnswerKind.Transit, milliseconds);

    /// <summary>The target's answer.</summary>
    public static Reply Target(double milliseconds = 1) => new(Address(9_999), TraceAnswerKind.Destination, milliseconds);

    /// <summary>Delivers something that the network made up.</summary>
    public void Inject(TraceAnswer answer) => Take(answer);

    /// <summary>Runs until the session is over, or until a time.</summary>
    public TraceReport Run(MonoTime? until = null)
    {
        while (!_session.IsOver && (until is null || Now < until))
        {
            while (_session.TryTakeProbe(Now, out var probe))
            {
                _session.OnSent(probe, Now);
                Sent.Add((probe, Now));
                if (Answer(probe) is { } reply)
                {
                    for (var copy = 0; copy < reply.Copies; copy++)
                    {
                        var at = Now + new Duration((long)(reply.Milliseconds * 1e6));
                        var id = reply.IsShort ? (int?)null : probe.Id;
                        var answer = new TraceAnswer(probe.Flow, id, reply.From, reply.Kind, reply.Refusal, at, 60);
                        _answers.Enqueue(answer, (at.Nanoseconds, _number++));
                    }
                }
            }

            Step();
        }

        while (_answers.TryDequeue(out var late, out _) && until is null)
        {
            Now = late.Arrived;
            Take(late);
        }

        return _session.Report();
    }

    private void Step()
    {
        var next = _session.NextWake;
        if (_answers.TryPeek(out var answer, out _) && answer.Arrived <= next)
        {
            _ = _answers.Dequeue();
            Now = MonoTime.Min(MonoTime.Never, answer.Arrived > Now ? answer.Arrived : Now);
            Take(answer);
            return;
        }

        Assert.True(next != MonoTime.Never || _session.IsOver, "the session waits for ever");
        if (next != MonoTime.Never)
        {
            Now = next > Now ? next : Now;
            _session.Expire(Now);
        }
    }

    private void Take(TraceAnswer answer) => Outcomes.Add((answer, _session.OnAnswer(answer)));

    internal sealed record Reply(NodeEndpoint From, TraceAnswerKind Kind, double Milliseconds)
    {
        public TraceRefusal Refusal { get; init; }

        public bool IsShort { get; init; }

        public int Copies { get; init; } = 1;
    }
}
