using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Machines;

/// <summary>
/// How an agent gets its peers' slices: it asks each again as soon as it has an answer, and one that failed after the next cut; who has nothing new answers when it has, as the
/// agents do by HTTP. A whole exchange is modelled, not its packets: a loss on the way costs a time-out of TCP, doubling; a dead way, or one that stands still, costs the exchange.
/// </summary>
internal sealed class SliceExchange(Machine machine, AgentProcess agent)
{
    private const int Port = 12_223;
    private const int RequestLength = 300;

    private static readonly Duration s_patience = Duration.FromSeconds(1);
    private static readonly Duration s_serving = Duration.FromMilliseconds(1);
    private static readonly Duration s_firstTimeout = Duration.FromMilliseconds(200);

    private readonly VirtualClock _clock = machine.World.Clock;
    private readonly Dictionary<int, Pending> _pending = [];
    private readonly Dictionary<int, (ulong Run, long Number)> _have = [];
    private readonly List<Action> _waiting = [];

    /// <summary>Exchanges that brought an answer, and those that did not.</summary>
    public (long Answered, long Failed) Counts { get; private set; }

    /// <summary>A slice was cut: those who wait for it are answered.</summary>
    public void OnCut()
    {
        List<Action> waiting = [.. _waiting];
        _waiting.Clear();
        foreach (var serve in waiting)
        {
            serve();
        }
    }

    public void AskAll()
    {
        foreach (var other in machine.World.Machines)
        {
            if (other != machine && !_pending.ContainsKey(other.Index))
            {
                Ask(other);
            }
        }
    }

    private void Ask(Machine other)
    {
        var pending = new Pending(_clock.Now + s_patience, machine.NextPort());
        _pending[other.Index] = pending;
        _clock.At(pending.Until, () => GiveUp(other, pending));
        Cross(machine, other, pending, () => Serve(other, pending));
    }

    /// <summary>A request or an answer gets to the other side, in the end, or not in time.</summary>
    private void Cross(Machine from, Machine to, Pending pending, Action arrive) => Cross(from, to, pending, arrive, s_firstTimeout);

    private void Cross(Machine from, Machine to, Pending pending, Action arrive, Duration timeout)
    {
        if (_clock.Now >= pending.Until)
        {
            return;
        }

        if (from.Kernel.IsUp && machine.World.RouteOf(from, to).TrySend(_clock.Now, pending.Port, Port, RequestLength, out var packet) && !packet.IsDamaged)
        {
            _clock.At(packet.At, () =>
            {
                if (to.Kernel.IsUp && !to.Kernel.DropsSegment())
                {
                    arrive();
                }
                else
                {
                    _clock.After(timeout, () => Cross(from, to, pending, arrive, timeout * 2));
                }
            });
            return;
        }

        _clock.After(timeout, () => Cross(from, to, pending, arrive, timeout * 2));
    }

    private void Serve(Machine other, Pending pending)
    {
        if (other.Agent is not { } asked)
        {
            // Nobody listens: the caller hears that at once.
            Cross(other, machine, pending, () => GiveUp(other, pending));
            return;
        }

        if (_clock.Now < other.Health.OthersStalledUntil)
        {
            _clock.At(other.Health.OthersStalledUntil, () => Serve(other, pending));
            return;
        }

        var have = _have.GetValueOrDefault(other.Index);
        List<NodeSlice> slices = [.. asked.Slices.Where(s => s.Run != have.Run || s.Number > have.Number)];
        if (slices.Count == 0)
        {
            // Nothing new: it waits for the next slice.
            asked.Exchange!._waiting.Add(() => Serve(other, pending));
            return;
        }

        _clock.After(s_serving, () => Cross(other, machine, pending, () => Take(other, pending, slices)));
    }

    private void Take(Machine other, Pending pending, List<NodeSlice> slices)
    {
        if (!agent.IsAlive || _pending.GetValueOrDefault(other.Index) != pending)
        {
            return;
        }

        if (_clock.Now < machine.Health.OthersStalledUntil)
        {
            _clock.At(machine.Health.OthersStalledUntil, () => Take(other, pending, slices));
            return;
        }

        _pending.Remove(other.Index);
        Counts = (Counts.Answered + 1, Counts.Failed);
        foreach (var slice in slices)
        {
            _have[other.Index] = (slice.Run, slice.Number);
            agent.Diagnostician.Take(slice, machine.Clock.Now.Mono);
        }

        Ask(other);
    }

    private void GiveUp(Machine other, Pending pending)
    {
        if (!agent.IsAlive || _pending.GetValueOrDefault(other.Index) != pending)
        {
            return;
        }

        if (_clock.Now < machine.Health.OthersStalledUntil)
        {
            // What came meanwhile is read first.
            _clock.At(machine.Health.OthersStalledUntil + new Duration(1), () => GiveUp(other, pending));
            return;
        }

        _pending.Remove(other.Index);
        Counts = (Counts.Answered, Counts.Failed + 1);
        agent.Diagnostician.NoteUnreachable(other.Name, machine.Clock.Now.Mono);
    }

    private sealed class Pending(MonoTime until, int port)
    {
        public MonoTime Until => until;

        public int Port => port;
    }
}
