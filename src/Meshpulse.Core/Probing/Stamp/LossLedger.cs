using System.Runtime.CompilerServices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>
/// The sums behind the directions of loss: requests are laid in one after the other in the sender's order, and the ledger cuts them
/// into gaps and settles each (see <see cref="StampSession"/> for why that is right). A value: a copy of it goes on over the
/// requests that can still change and is thrown away after it was read.
/// </summary>
internal struct LossLedger(Duration reach)
{
    private Pairing _pending = new(reach);
    private Gap _gap;
    private long _start;
    private bool _hasPivot;
    private bool _startIsDoubled;
    private MonoTime _startAt;
    private bool _hasHighest;
    private long _highest = long.MinValue;

    /// <summary>Requests that the reflector gave no number, whatever else is true.</summary>
    public readonly long Forward => _forward + _pending.Forward;

    /// <summary>Requests against as many missing numbers of the same gap.</summary>
    public long Matched { get; private set; }

    /// <summary>The same, where a number in that gap may have gone to a copy.</summary>
    public long Suspect { get; private set; }

    /// <summary>Requests missing in one gap against numbers missing in another nearby: overtaken, or a copy.</summary>
    public readonly long Swapped => _pending.Swapped;

    /// <summary>Numbers that no missing request explains: they went to copies.</summary>
    public readonly long Orphans => _pending.Orphans;

    private long _forward;

    /// <summary>The next request has no reply.</summary>
    public void AddUnanswered(bool isOutstanding)
    {
        if (isOutstanding)
        {
            _gap.Outstanding++;
        }
        else
        {
            _gap.Missing++;
        }
    }

    /// <summary>The next request has a reply.</summary>
    /// <param name="lowest">The first number that it got.</param>
    /// <param name="highest">The last one.</param>
    /// <param name="copies">How many it got beyond one.</param>
    /// <param name="at">When it was sent.</param>
    /// <param name="followers">The lowest number of all later requests.</param>
    public void AddAnswered(long lowest, long highest, int copies, MonoTime at, long followers)
    {
        if (lowest > _highest && highest < followers && highest - lowest == copies)
        {
            Close(lowest, at, copies > 0);
            (_start, _startAt, _hasPivot, _startIsDoubled) = (highest, at, true, copies > 0);
            _gap = default;
        }
        else
        {
            _gap.NoteLowest(lowest);
            _gap.Known += 1 + copies;
            _gap.HasCopies |= copies > 0;
            _gap.HasTwoEpochs |= IsOfAnotherEpoch(lowest) || IsOfAnotherEpoch(highest);
            _gap.InsideMissing = _gap.Missing;
            _gap.InsideOutstanding = _gap.Outstanding;
            _gap.LastAt = at;
        }

        _highest = Math.Max(_highest, highest);
        _hasHighest = true;
    }

    /// <summary>No more requests: settles what lies before the last reply; what lies behind it stays open.</summary>
    public void Finish()
    {
        if (_gap.Known == 0)
        {
            return;
        }

        _gap.Missing = _gap.InsideMissing;
        _gap.Outstanding = _gap.InsideOutstanding;
        // As if a pivot with the next number followed.
        Close(_highest + 1, _gap.LastAt, isDoubled: false);
        _gap = default;
    }

    private void Close(long lowest, MonoTime at, bool isDoubled)
    {
        if (_gap.HasTwoEpochs || IsOfAnotherEpoch(lowest))
        {
            // What the old count gave after its last reply, and the new one before its first, nobody can know.
            _pending.Break(at);
            return;
        }

        if (!_hasPivot)
        {
            CloseFirst(lowest, at, isDoubled);
            return;
        }

        Settle(Math.Max(0, lowest - _start - 1 - _gap.Known), at, isDoubled || _startIsDoubled);
    }

    /// <summary>
    /// Before the first pivot: a count from 0 (RFC 8762, section 4.2), unless the number is greater than that can be. Then the
    /// lowest number is where it begins, and what was sent before that request stays open.
    /// </summary>
    private void CloseFirst(long lowest, MonoTime at, bool isDoubled)
    {
        _startAt = at;
        if (lowest >= _gap.Known && lowest <= _gap.Missing + _gap.Outstanding + _gap.Known)
        {
            Settle(lowest - _gap.Known, at, isDoubled);
        }
        else if (_gap.Known > 0)
        {
            _gap.Missing -= _gap.MissingBeforeLowest;
            _gap.Outstanding -= _gap.OutstandingBeforeLowest;
            _pending.Break(at);
            Settle(Math.Max(0, lowest - _gap.Lowest - _gap.Known), at, isDoubled);
        }
    }

    private void Settle(long numbers, MonoTime at, bool isDoubled)
    {
        var surplus = _gap.Missing - numbers;
        if (_gap.Outstanding > 0)
        {
            // Numbers may be those of replies that are under way; as many as there are requests that can be.
            _forward += Math.Max(0, surplus);
            Match(Math.Clamp(numbers - _gap.Outstanding, 0, _gap.Missing), isDoubled || surplus < 0);
            return;
        }

        Match(Math.Min(_gap.Missing, numbers), isDoubled || surplus < 0);
        _pending.Add(surplus, Math.Min(_gap.Missing, numbers), _startAt, at);
    }

    private void Match(long requests, bool isSuspect)
    {
        if (isSuspect || _gap.HasCopies)
        {
            Suspect += requests;
        }
        else
        {
            Matched += requests;
        }
    }

    private readonly bool IsOfAnotherEpoch(long number) =>
        _hasHighest && ReflectorCount.EpochOf(number) != ReflectorCount.EpochOf(_highest);

    /// <summary>What lies between two pivots.</summary>
    private struct Gap
    {
        public long Missing;
        public long Outstanding;
        public long Known;
        public long Lowest;
        public long MissingBeforeLowest;
        public long OutstandingBeforeLowest;
        public long InsideMissing;
        public long InsideOutstanding;
        public bool HasCopies;
        public bool HasTwoEpochs;
        public MonoTime LastAt;

        public void NoteLowest(long number)
        {
            if (Known == 0 || number < Lowest)
            {
                (Lowest, MissingBeforeLowest, OutstandingBeforeLowest) = (number, Missing, Outstanding);
            }
        }
    }

    /// <summary>
    /// Surplus requests of one gap against surplus numbers of another within reach, earliest first: on a line that finds as many
    /// pairs as there can be. Only one kind is ever pending, since the other would have been paired off.
    /// </summary>
    private struct Pairing(Duration reach)
    {
        private Ring _ring;
        private int _first;
        private int _count;
        private long _claimed;
        private long _waiting;
        private MonoTime _brokenAt = new(long.MinValue / 2);

        public long Swapped { get; private set; }

        public long Orphans { get; private set; }

        public readonly long Forward => _claimed + Math.Max(0, _waiting);

        /// <summary>A gap closed with more requests missing than numbers (above zero), or fewer (below).</summary>
        /// <param name="surplus">By how many.</param>
        /// <param name="both">How many of each it has that were set off against each other.</param>
        /// <param name="from">When its first request was sent.</param>
        /// <param name="to">When its last was.</param>
        public void Add(long surplus, long both, MonoTime from, MonoTime to)
        {
            while (_count > 0 && from - _ring[_first].To > reach)
            {
                Drop();
            }

            // A gap of its own balance can be a link: its number goes to a request before it, its request to a number after it.
            if (both > 0 && _count > 0)
            {
                Renew(Math.Min(both, Math.Abs(_waiting)), to);
            }

            while (_count > 0 && surplus != 0 && Math.Sign(_waiting) != Math.Sign(surplus))
            {
                surplus = PairOff(surplus);
            }

            if (surplus != 0)
            {
                Push(surplus, to, from - _brokenAt <= reach);
            }
        }

        /// <summary>
        /// Up to here there are requests and numbers that nobody knows. Nothing pending can find its partner any more, and neither
        /// that nor what stays alone within reach afterwards proves a copy.
        /// </summary>
        public void Break(MonoTime at)
        {
            _brokenAt = at;
            _claimed += Math.Max(0, _waiting);
            _waiting = _count = 0;
        }

        private long PairOff(long surplus)
        {
            ref var item = ref _ring[_first];
            var pairs = Math.Min(Math.Abs(item.Surplus), Math.Abs(surplus));
            Swapped += pairs;
            Take(ref item, pairs);
            return surplus - (Math.Sign(surplus) * pairs);
        }

        /// <summary>Lets the oldest wait from now.</summary>
        private void Renew(long count, MonoTime to)
        {
            var sign = Math.Sign(_waiting);
            var isExcused = true;
            for (var left = count; left > 0;)
            {
                ref var item = ref _ring[_first];
                var part = Math.Min(left, Math.Abs(item.Surplus));
                isExcused &= item.IsExcused;
                left -= part;
                Take(ref item, part);
            }

            Push(sign * count, to, isExcused);
        }

        private void Take(ref Item item, long pairs)
        {
            var signed = Math.Sign(item.Surplus) * pairs;
            item.Surplus -= signed;
            _waiting -= signed;
            if (item.Surplus == 0)
            {
                _first = (_first + 1) % Ring.Length;
                _count--;
            }
        }

        /// <summary>The oldest found no partner: it is what it seemed.</summary>
        private void Drop()
        {
            ref var item = ref _ring[_first];
            _claimed += Math.Max(0, item.Surplus);
            Orphans += item.IsExcused ? 0 : Math.Max(0, -item.Surplus);
            Take(ref item, Math.Abs(item.Surplus));
        }

        private void Push(long surplus, MonoTime to, bool isExcused)
        {
            _waiting += surplus;
            if (_count == Ring.Length)
            {
                // Full: the newest keeps it too, which only lets it wait longer for a partner.
                ref var newest = ref _ring[(_first + _count - 1) % Ring.Length];
                newest = new Item(newest.Surplus + surplus, to, newest.IsExcused || isExcused);
                return;
            }

            _ring[(_first + _count++) % Ring.Length] = new Item(surplus, to, isExcused);
        }

        private record struct Item(long Surplus, MonoTime To, bool IsExcused);

        [InlineArray(Length)]
        private struct Ring
        {
            public const int Length = 16;

            private Item _item;
        }
    }
}
