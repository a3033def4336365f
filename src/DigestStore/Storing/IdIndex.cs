namespace DigestStore.Storing;

// For each id, the index of its last stored copy and the first 64 bits of that copy's content hash, in less than 40 bytes. It uses linear
// hashing (W. Litwin, 1980): buckets are added one at a time, each by splitting an existing one. So the index grows without being copied,
// and leaves no outgrown arrays to the garbage collector.
internal sealed class IdIndex
{
    // This value takes the place of the content hash if nobody knows whether the copy is stored, and so which content the record has.
    public const ulong UnknownContent = 0;

    private const int None = -1;
    private const int IdsPerBucket = 2;
    private const int FirstBuckets = 8;

    // The segments of each list have 32 KB.
    private readonly SegmentedList<DigestItemId> _ids = new(segmentBits: 11);
    private readonly SegmentedList<ulong> _contents = new(segmentBits: 12);
    private readonly SegmentedList<int> _indexes = new(segmentBits: 13);
    private readonly SegmentedList<int> _next = new(segmentBits: 13);
    private readonly SegmentedList<int> _buckets = new(segmentBits: 13);

    // The buckets before this one have been split at the present level.
    private int _split;

    // The number of buckets with which the present level began.
    private int _levelSize = FirstBuckets;

    public IdIndex()
    {
        for (int bucket = 0; bucket < FirstBuckets; bucket++)
        {
            _buckets.Add(None);
        }
    }

    public int Count => _ids.Count;

    public bool TryGet(DigestItemId id, out int index)
    {
        int entry = Find(id);
        index = entry == None ? None : _indexes[entry];
        return entry != None;
    }

    public ulong ContentOf(DigestItemId id)
    {
        int entry = Find(id);
        return entry == None ? UnknownContent : _contents[entry];
    }

    // Returns the index that was there before. Null means that the id is new.
    public int? Set(DigestItemId id, int index, ulong content = UnknownContent)
    {
        int entry = Find(id);
        if (entry != None)
        {
            int before = _indexes[entry];
            (_indexes[entry], _contents[entry]) = (index, content);
            return before;
        }

        if (Count == _buckets.Count * IdsPerBucket)
        {
            Split();
        }

        ref int bucket = ref _buckets[BucketOf(id)];
        _next.Add(bucket);
        _indexes.Add(index);
        _contents.Add(content);
        bucket = _ids.Add(id);
        return null;
    }

    private int Find(DigestItemId id)
    {
        int entry = _buckets[BucketOf(id)];
        while (entry != None && _ids[entry] != id)
        {
            entry = _next[entry];
        }

        return entry;
    }

    private int BucketOf(DigestItemId id)
    {
        int bucket = (int)(id.LowBits & (uint)(_levelSize - 1));
        return bucket < _split ? (int)(id.LowBits & (uint)((_levelSize * 2) - 1)) : bucket;
    }

    private void Split()
    {
        int entry = _buckets[_split];
        _buckets[_split] = None;
        _buckets.Add(None);
        _split++;
        while (entry != None)
        {
            int next = _next[entry];
            ref int bucket = ref _buckets[BucketOf(_ids[entry])];
            _next[entry] = bucket;
            bucket = entry;
            entry = next;
        }

        if (_split == _levelSize)
        {
            (_split, _levelSize) = (0, _levelSize * 2);
        }
    }
}
