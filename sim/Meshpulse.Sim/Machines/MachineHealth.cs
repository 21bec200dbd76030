using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Sim.Fabric;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Machines;

/// <summary>
/// How a machine is: when its agent does not run, and what its vitals say of that. The stalls come first, and the vitals are made of them as a kernel
/// would count: what waited in a run queue, what was throttled, stolen, or waited for.
/// </summary>
internal sealed class MachineHealth
{
    private const int Cpus = 8;
    private const int MaxStalls = 64;

    private static readonly Duration s_told = Duration.FromMilliseconds(2);

    private readonly VirtualClock _clock;
    private readonly MachineClock _times;
    private readonly Kernel _kernel;
    private readonly SplitMix64 _random;
    private readonly double _idleLoad;
    private readonly List<(MonoTime From, MonoTime Until)> _stalls = [];
    private StallCause _cause;
    private MonoTime _causeUntil;
    private MonoTime _stalledFrom;
    private MonoTime _stalledUntil;
    private MonoTime _windowFrom;
    private MonoTime _causeFrom;
    private (long Backlog, long Sockets, long Retransmits) _counted;
    private ClockPairing _before;

    public MachineHealth(VirtualClock clock, MachineClock times, Kernel kernel, SplitMix64 random)
    {
        (_clock, _times, _kernel, _random) = (clock, times, kernel, random);
        _idleLoad = 0.05 + (0.3 * random.NextDouble());
        (_windowFrom, _before) = (clock.Now, times.Now);
    }

    /// <summary>Is called when the kernel goes down with the machine, or comes up again.</summary>
    public Action<bool>? KernelRuns { get; set; }

    /// <summary>The kernel takes its clock for synchronised.</summary>
    public bool IsClockSynchronised { get; set; } = true;

    /// <summary>The agent may use one CPU only: that is so from its start, and hurts nobody until others fill it.</summary>
    public bool IsPinned { get; set; }

    /// <summary>Until when the probing thread does not run; in the past while it does.</summary>
    public MonoTime ProbingStalledUntil => _stalledUntil;

    /// <summary>The same of the agent's other threads: only what nobody can explain holds up the probing thread alone.</summary>
    public MonoTime OthersStalledUntil => _cause == StallCause.Unknown ? new MonoTime(0) : _stalledUntil;

    /// <summary>How long after it wanted to a thread wakes that nothing holds up.</summary>
    public Duration NextLateness() => _cause == StallCause.PowerSave && _clock.Now < _causeUntil
        ? Duration.FromMicroseconds(1_000 + _random.Below(9_000))
        : Duration.FromMicroseconds(20 + _random.Below(60));

    /// <summary>Something is wrong for a while.</summary>
    public void Begin(StallCause cause, Duration length)
    {
        (_cause, _causeFrom, _causeUntil) = (cause, _clock.Now, _clock.Now + length);
        switch (cause)
        {
            case StallCause.Frozen or StallCause.MachineFrozen:
                Stall(length);
                break;
            case StallCause.None or StallCause.PowerSave:
                break;
            default:
                Next();
                break;
        }

        if (cause == StallCause.MachineFrozen)
        {
            KernelRuns?.Invoke(false);
            _clock.At(_causeUntil, () => KernelRuns?.Invoke(true));
        }
    }

    /// <summary>The vitals since the last time.</summary>
    public HostWindow Cut()
    {
        var (from, until) = (_windowFrom, _clock.Now);
        _windowFrom = until;
        var stalls = _stalls.ConvertAll(s => (From: s.From > from ? s.From : from, Until: MonoTime.Min(s.Until, until)));
        var stalled = new Duration(stalls.Sum(s => Math.Max(0, (s.Until - s.From).Nanoseconds)));
        var window = Quiet(from, until) with { Stalls = Told(until) };
        _stalls.RemoveAll(s => s.Until <= until);
        // What a cause does to the host lasts as long as it does, also where no stall of ours falls into the window.
        var isUnderWay = _cause != StallCause.None && from < _causeUntil && until > _causeFrom;
        return isUnderWay || stalled > Duration.Zero ? Sick(window, stalled) : window;
    }

    /// <summary>The next stall of a row, some time after the last one.</summary>
    private void Next()
    {
        if (_clock.Now >= _causeUntil)
        {
            return;
        }

        var (length, pause) = _cause switch
        {
            StallCause.CpuContention or StallCause.Pinning => (Between(30, 180), Between(40, 250)),
            StallCause.CpuThrottled => (Between(40, 85), Duration.Zero),
            StallCause.CpuSteal => (Between(25, 120), Between(30, 200)),
            StallCause.IoPressure => (Between(60, 400), Between(60, 350)),
            StallCause.MemoryPressure => (Between(60, 500), Between(60, 300)),
            StallCause.RuntimePause => (Between(120, 700), Between(200, 600)),
            _ => (Between(120, 800), Between(100, 600)),
        };
        Stall(length);
        // A quota is given out anew each 100 ms.
        var next = _cause == StallCause.CpuThrottled ? Duration.FromMilliseconds(100) : length + pause;
        _clock.After(next, Next);
    }

    private void Stall(Duration length)
    {
        (_stalledFrom, _stalledUntil) = (_clock.Now, _clock.Now + length);
        _stalls.Add((_stalledFrom, _stalledUntil));
    }

    private Duration Between(int least, int most) => Duration.FromMilliseconds(least + _random.Below(most - least));

    /// <summary>Those that lasted to the window's end or ended in it; a stall that goes on has the length that it has so far.</summary>
    private List<HostStall> Told(MonoTime until)
    {
        var told = _stalls.ConvertAll(s => new HostStall(_times.MonoAt(s.From), MonoTime.Min(s.Until, until) - s.From, WaitedIn(MonoTime.Min(s.Until, until) - s.From)));
        if (_cause == StallCause.PowerSave && _clock.Now < _causeUntil)
        {
            var at = _times.MonoAt(until) - Duration.FromMilliseconds(240);
            for (var i = 0; i < 20; i++)
            {
                told.Add(new HostStall(at + Duration.FromMilliseconds(12 * i), NextLateness(), Duration.FromMicroseconds(_random.Below(30))));
            }
        }

        return [.. told.Where(s => s.Length >= s_told).Take(MaxStalls)];
    }

    /// <summary>How much of a stall the thread was ready and waited, by its cause.</summary>
    private Duration WaitedIn(Duration length) => _cause switch
    {
        StallCause.CpuContention or StallCause.Pinning => length * 97 / 100,
        StallCause.CpuThrottled => length * 9 / 10,
        StallCause.CpuSteal => length / 10,
        StallCause.MemoryPressure => length / 20,
        _ => Duration.FromMicroseconds(_random.Below(100)),
    };

    private HostWindow Quiet(MonoTime from, MonoTime until)
    {
        var length = until - from;
        var load = Math.Clamp(_idleLoad + (0.1 * (_random.NextDouble() - 0.5)), 0.01, 1);
        var all = Share(length * Cpus, load, 0.005, 0);
        var now = _times.Now;
        var stepped = now.SteppedSince(_before);
        _before = now;
        var counted = (_kernel.BacklogDropped, _kernel.SocketDropped, _kernel.Retransmits);
        var window = new HostWindow(_times.MonoAt(from), _times.MonoAt(until))
        {
            RunQueueDelay = Noise(length, 0.002),
            ProbingRunQueueDelay = Noise(length, 0.0005),
            InvoluntarySwitches = _random.Below(5),
            AllowedCpus = IsPinned ? Share(length, load, 0.005, 0) : all,
            AllCpus = all,
            AllowedCpuCount = IsPinned ? 1 : Cpus,
            OnlineCpuCount = Cpus,
            Pressure = new HostPressure(Pressure(length, 0.01, 0), Pressure(length, 0.01, 0.3), Pressure(length, 0.0002, 0)),
            CgroupPressure = new HostPressure(Pressure(length, 0.005, 0), Pressure(length, 0.002, 0.3), Pressure(length, 0.0001, 0)),
            Cgroup = new CgroupCpu(null, 0, 0, Duration.Zero),
            MajorFaults = _random.Below(20) == 0 ? 1 : 0,
            Power = new PowerSaving("performance", "C1E", Duration.FromMicroseconds(10), null),
            Network = new NetworkTrouble(
                counted.BacklogDropped - _counted.Backlog,
                0,
                0,
                counted.SocketDropped - _counted.Sockets,
                counted.Retransmits - _counted.Retransmits,
                counted.SocketDropped - _counted.Sockets),
            IsClockSynchronised = IsClockSynchronised,
            // Slewing is no step (adjtimex(2): at most 500 ppm), nor is what reading both clocks costs.
            ClockStep = stepped.Abs() > Duration.FromMilliseconds(1) + (length / 1_000) ? stepped : Duration.Zero,
            ClockFrequency = _times.DriftPpm,
        };
        _counted = counted;
        return window;
    }

    private HostWindow Sick(HostWindow window, Duration stalled)
    {
        var length = window.Length;
        var share = Math.Clamp((double)stalled.Nanoseconds / Math.Max(1, length.Nanoseconds), 0, 1);
        // The first window and the last are the cause's in part only.
        var part = Math.Clamp((MonoTime.Min(_causeUntil, _clock.Now) - Later(_causeFrom, _clock.Now - length)).Seconds / Math.Max(1e-9, length.Seconds), 0, 1);
        switch (_cause)
        {
            case StallCause.CpuContention:
                var full = Share(length * Cpus, Busy(0.97 + (0.03 * _random.NextDouble()), part), 0, 0);
                return Waiting(window, stalled) with { AllowedCpus = full, AllCpus = full, Pressure = window.Pressure with { Cpu = Pressure(length, Math.Max(0.6 * part, share), 0.0) } };
            case StallCause.Pinning:
                return Waiting(window, stalled) with
                {
                    AllowedCpus = Share(length, Busy(0.98 + (0.02 * _random.NextDouble()), part), 0, 0),
                    AllCpus = Share(length * Cpus, 0.15 + (0.1 * _random.NextDouble()), 0, 0),
                    Pressure = window.Pressure with { Cpu = Pressure(length, Math.Max(0.5 * part, share), 0) },
                    CgroupPressure = window.CgroupPressure with { Cpu = Pressure(length, Math.Max(0.5 * part, share), 0.2) },
                };
            case StallCause.CpuThrottled:
                var periods = Math.Max(1, length.Nanoseconds / 100_000_000);
                return Waiting(window, stalled) with
                {
                    Cgroup = new CgroupCpu(0.4, periods, periods, stalled * 2),
                    CgroupPressure = window.CgroupPressure with { Cpu = Pressure(length, share, 0.9) },
                };
            case StallCause.CpuSteal:
                var stolen = Share(length * Cpus, Busy(0.4, part), 0, (0.25 * part) + (0.5 * share));
                return window with { RunQueueDelay = stalled / 5, ProbingRunQueueDelay = stalled / 10, AllowedCpus = stolen, AllCpus = stolen };
            case StallCause.IoPressure:
                var waiting = Share(length * Cpus, Busy(0.15, part), 0.5 * part, 0);
                return window with
                {
                    AllowedCpus = waiting,
                    AllCpus = waiting,
                    Pressure = window.Pressure with { Io = Pressure(length, Math.Max(0.55 * part, share), 0.7) },
                    CgroupPressure = window.CgroupPressure with { Io = Pressure(length, Math.Max(0.3 * part, share * 0.9), 0.8) },
                };
            case StallCause.MemoryPressure:
                var reclaiming = Share(length * Cpus, Busy(0.3, part), 0.3 * part, 0);
                return window with
                {
                    AllowedCpus = reclaiming,
                    AllCpus = reclaiming,
                    // The garbage collector waits for pages as others do, and what stalls is a pause of the runtime then.
                    RuntimePauses = _random.Below(2) == 0 ? stalled * (60 + _random.Below(40)) / 100 : window.RuntimePauses,
                    MajorFaults = (long)(part * (20 + _random.Below(400))),
                    Pressure = window.Pressure with { Memory = Pressure(length, Math.Max(0.45 * part, share), 0.6), Io = Pressure(length, Math.Max(0.3 * part, share * 0.7), 0.5) },
                    CgroupPressure = window.CgroupPressure with { Memory = Pressure(length, Math.Max(0.3 * part, share), 0.6), Io = Pressure(length, share * 0.5, 0.5) },
                };
            case StallCause.PowerSave when _clock.Now < _causeUntil:
                return window with { Power = new PowerSaving("powersave", "C10", Duration.FromMicroseconds(890), null) };
            case StallCause.RuntimePause:
                return window with { RuntimePauses = stalled };
            case StallCause.Frozen or StallCause.MachineFrozen:
                return window with { Frozen = stalled };
            default:
                return window;
        }
    }

    /// <summary>Our threads were ready and waited: that of the probing thread, and of one or two others.</summary>
    private HostWindow Waiting(HostWindow window, Duration stalled) => window with
    {
        RunQueueDelay = stalled * (2 + _random.Below(2)),
        ProbingRunQueueDelay = stalled * 95 / 100,
        InvoluntarySwitches = 10 + _random.Below(60),
    };

    private double Busy(double load, double part) => (load * part) + (_idleLoad * (1 - part));

    private static MonoTime Later(MonoTime a, MonoTime b) => a > b ? a : b;

    private static CpuTimes Share(Duration total, double busy, double ioWait, double steal)
    {
        var left = Math.Max(0, 1 - steal);
        return new CpuTimes(
            new Duration((long)(total.Nanoseconds * Math.Min(busy, left))),
            new Duration((long)(total.Nanoseconds * Math.Max(0, left - Math.Min(busy, left) - ioWait))),
            new Duration((long)(total.Nanoseconds * Math.Min(ioWait, Math.Max(0, left - busy)))),
            new Duration((long)(total.Nanoseconds * steal)));
    }

    private Duration Noise(Duration length, double share) => new((long)(length.Nanoseconds * share * _random.NextDouble()));

    private PressureTime Pressure(Duration length, double some, double fullPart)
    {
        var time = Math.Min(1, some * (0.9 + (0.2 * _random.NextDouble()))) * length.Nanoseconds;
        return new PressureTime(new Duration((long)time), new Duration((long)(time * fullPart)));
    }
}
