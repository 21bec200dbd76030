using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// What a silent host's kernel shows to those who wait for it: it acknowledges what is sent, though nobody reads (the process does not run); it ends or
/// refuses connections (the process is gone); or it does nothing (the host is gone, or the way to it).
/// </summary>
internal sealed class KernelSigns
{
    private readonly int _sights;
    private readonly int _ended;
    private readonly int _timedOut;
    private readonly int _refused;
    private readonly int _acknowledges;
    private readonly int _mute;
    private readonly string _witness = "";
    private readonly Duration _silence;
    private readonly MonoTime _endedAt = MonoTime.Never;
    private readonly MonoTime _seen;

    public KernelSigns(IReadOnlyCollection<PairView> sights, Duration silence)
    {
        (_sights, _silence) = (sights.Count, silence);
        foreach (var sight in sights)
        {
            _witness = sight.Observer;
            _seen = sight.Last!.Value.Until;
            _refused += sight.CallFailed == DialFailure.Refused ? 1 : 0;
            if (sight.Ended is { } ended)
            {
                var byHost = ended.Why is CloseReason.EndOfStream or CloseReason.Reset or CloseReason.Broken;
                _ended += byHost ? 1 : 0;
                _timedOut += byHost ? 0 : 1;
                _endedAt = byHost ? MonoTime.Min(_endedAt, ended.At) : _endedAt;
            }
            else if (sight.OpenTransport is { } transport)
            {
                // A heartbeat is a segment: with nobody to acknowledge, some dozens wait after a fraction of a second, and the first is sent again.
                var isMute = transport.Retransmits > 0 || transport.Unacknowledged > 8;
                _mute += isMute ? 1 : 0;
                _acknowledges += isMute ? 0 : 1;
            }
        }
    }

    /// <summary>The host's kernel was seen at work.</summary>
    public bool IsAlive => _acknowledges > _mute || _ended + _refused > 0;

    /// <summary>It acknowledges or refuses, just now: the way to it is open.</summary>
    public bool Answers => _acknowledges > _mute || _refused > 0;

    /// <summary>What the signs say; null while it is too early to say anything.</summary>
    public VerdictKind? Of(Duration silence, DiagnosisSettings settings, Duration frozenAfter, Duration farewell)
    {
        if ((_ended + _refused) * 2 > _sights)
        {
            return _endedAt < MonoTime.Never && _seen - _endedAt < farewell && _refused == 0 ? null : VerdictKind.HostProcessGone;
        }

        if (_acknowledges > _mute)
        {
            return silence >= frozenAfter ? VerdictKind.HostFrozen : null;
        }

        return silence >= settings.GoneAfter ? VerdictKind.HostGone : null;
    }

    public double Confidence(VerdictKind what)
    {
        var sure = what switch
        {
            VerdictKind.HostLeft => 1,
            VerdictKind.HostProcessGone => _refused > 0 ? 0.95 : 0.85,
            VerdictKind.HostFrozen => 0.8,
            VerdictKind.HostGone => _mute > 0 || _timedOut > 0 ? 0.75 : 0.6,
            _ => 0.55,
        };
        return _sights > 1 ? sure : sure * 0.8;
    }

    public IEnumerable<VerdictEvidence> Evidence(string host)
    {
        yield return new VerdictEvidence(_witness, $"silence of {host}", Math.Round(_silence.Milliseconds), "ms", 5);
        yield return new VerdictEvidence(_witness, "witnesses that hear nothing of it", _sights, "", 0);
        if (_ended > 0)
        {
            yield return new VerdictEvidence(_witness, "connections that its kernel ended", _ended, "", 0);
        }

        if (_refused > 0)
        {
            yield return new VerdictEvidence(_witness, "calls that its kernel refused", _refused, "", 0);
        }

        if (_acknowledges > 0)
        {
            yield return new VerdictEvidence(_witness, "connections on which its kernel still acknowledges", _acknowledges, "", null);
        }

        if (_mute > 0)
        {
            yield return new VerdictEvidence(_witness, "connections on which nothing is acknowledged", _mute, "", 0);
        }
    }
}
