namespace DigestStore.Storing;

// A list that grows by segments. Only its first segment is copied as it grows. So a stream of millions of items leaves no large outgrown
// arrays to the garbage collector, and none of the arrays is large enough for the large object heap.
internal sealed class SegmentedList<T>(int segmentBits)
    where T : struct
{
    private const int FirstRoom = 256;

    private readonly List<T[]> _segments = [];
    private readonly int _mask = (1 << segmentBits) - 1;

    public int Count { get; private set; }

    public ref T this[int index] => ref _segments[index >> segmentBits][index & _mask];

    public int Add(T value)
    {
        int index = Count;
        int segment = index >> segmentBits;
        if (segment == _segments.Count)
        {
            // The first segment begins small, because most digests have a few hundred items.
            _segments.Add(new T[segment == 0 ? Math.Min(FirstRoom, _mask + 1) : _mask + 1]);
        }
        else if (segment == 0 && index == _segments[0].Length)
        {
            T[] grown = new T[Math.Min(_mask + 1, index * 4)];
            _segments[0].CopyTo(grown, 0);
            _segments[0] = grown;
        }

        this[index] = value;
        Count = index + 1;
        return index;
    }
}
