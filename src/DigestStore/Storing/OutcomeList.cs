using System.Collections;

namespace DigestStore.Storing;

// One byte per item.
internal sealed class OutcomeList : IReadOnlyList<DigestItemOutcome>
{
    private const byte Pending = byte.MaxValue;

    // One more than the greatest number of an outcome.
    private static readonly int Numbers = Enum.GetValues<DigestItemOutcome>().Max(static outcome => (int)outcome) + 1;

    // 32 KB each.
    private readonly SegmentedList<byte> _bytes = new(segmentBits: 15);
    private readonly int[] _counts = new int[Numbers];

    public int Count => _bytes.Count;

    public int Settled { get; private set; }

    public DigestItemOutcome this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return (DigestItemOutcome)_bytes[index];
        }
    }

    public int CountOf(DigestItemOutcome outcome) => _counts[(int)outcome];

    public int AddPending() => _bytes.Add(Pending);

    public void Add(DigestItemOutcome outcome) => Set(AddPending(), outcome);

    public void Set(int index, DigestItemOutcome outcome)
    {
        if (!Enum.IsDefined(outcome))
        {
            throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not a defined outcome.");
        }

        ref byte slot = ref _bytes[index];
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

    public void Reopen(int index)
    {
        ref byte slot = ref _bytes[index];
        if (slot != Pending)
        {
            _counts[slot]--;
            Settled--;
            slot = Pending;
        }
    }

    public bool IsPending(int index) => _bytes[index] == Pending;

    public IEnumerator<DigestItemOutcome> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
