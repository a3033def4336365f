using System.Collections;

namespace DigestStore.Storing;

// The outcome of each item, in one byte.
internal sealed class OutcomeList : IReadOnlyList<DigestItemOutcome>
{
    private const byte Pending = byte.MaxValue;

    // Each segment has 32 KB.
    private readonly SegmentedList<byte> _bytes = new(segmentBits: 15);

    // By the numeric values of the outcomes, which are bytes.
    private readonly int[] _counts = new int[Pending];

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
