using System.Collections;

namespace DigestStore.Storing;

// One byte per item, in segments: a stream of millions neither copies a growing array nor touches the large object heap.
internal sealed class OutcomeList : IReadOnlyList<DigestItemOutcome>
{
    private const int SegmentBits = 15;
    private const int SegmentSize = 1 << SegmentBits;
    private const byte Pending = byte.MaxValue;

    private readonly List<byte[]> _segments = [];
    private readonly int[] _counts = new int[(int)DigestItemOutcome.Skipped + 1];

    public int Count { get; private set; }

    public int Settled { get; private set; }

    public DigestItemOutcome this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return (DigestItemOutcome)_segments[index >> SegmentBits][index & (SegmentSize - 1)];
        }
    }

    public int CountOf(DigestItemOutcome outcome) => _counts[(int)outcome];

    public int AddPending()
    {
        int index = Count;
        int segment = index >> SegmentBits;
        if (segment == _segments.Count)
        {
            // The first segment stays small: most digests have a few hundred items.
            _segments.Add(new byte[segment == 0 ? 512 : SegmentSize]);
        }
        else if (segment == 0 && index == _segments[0].Length)
        {
            byte[] grown = new byte[Math.Min(SegmentSize, index * 4)];
            _segments[0].CopyTo(grown, 0);
            _segments[0] = grown;
        }

        _segments[segment][index & (SegmentSize - 1)] = Pending;
        Count = index + 1;
        return index;
    }

    public void Add(DigestItemOutcome outcome) => Set(AddPending(), outcome);

    public void Set(int index, DigestItemOutcome outcome)
    {
        if (outcome > DigestItemOutcome.Skipped)
        {
            throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not a defined outcome.");
        }

        ref byte slot = ref _segments[index >> SegmentBits][index & (SegmentSize - 1)];
        if (slot == Pending)
        {
            Settled++;
        }
        else
        {
            _counts[slot]--;
        }

        slot = (byte)outcome;
        _counts[slot]++;
    }

    public bool IsPending(int index) => _segments[index >> SegmentBits][index & (SegmentSize - 1)] == Pending;

    public IEnumerator<DigestItemOutcome> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
