namespace DigestStore.Storing;

// Id → the index of its last stored copy, in at most 40 bytes per id: open addressing, 20 bytes a slot, split by the id's leading
// bits, so that growing one part never holds two copies of all. Ids are hashes already and need no further hashing.
internal sealed class IdIndex
{
    private const int Parts = 256;
    private const int FirstCapacity = 8;
    private const double MaxLoad = 0.85;
    private const double Growth = 1.3;

    private readonly Part?[] _parts = new Part?[Parts];

    public int Count { get; private set; }

    public bool TryGet(DigestItemId id, out int index)
    {
        if (_parts[PartOf(id)] is { } part)
        {
            int slot = part.Find(id.Value);
            index = part.Indexes[slot] - 1;
            return index >= 0;
        }

        index = -1;
        return false;
    }

    public void Set(DigestItemId id, int index)
    {
        ref Part? part = ref _parts[PartOf(id)];
        part ??= new Part(FirstCapacity);
        if (part.Count + 1 > part.Ids.Length * MaxLoad)
        {
            part = part.Grow();
        }

        if (part.Put(id.Value, index + 1))
        {
            Count++;
        }
    }

    private static int PartOf(DigestItemId id) => (int)(id.Value >> 120);

    private sealed class Part(int capacity)
    {
        public readonly UInt128[] Ids = new UInt128[capacity];

        // One more than the index; 0 is a free slot.
        public readonly int[] Indexes = new int[capacity];

        public int Count { get; private set; }

        public int Find(UInt128 id)
        {
            int slot = (int)((ulong)id % (ulong)Ids.Length);

            // Ends at a free slot: the load is always below 1.
            while (Indexes[slot] != 0 && Ids[slot] != id)
            {
                slot = slot + 1 == Ids.Length ? 0 : slot + 1;
            }

            return slot;
        }

        public bool Put(UInt128 id, int indexPlusOne)
        {
            int slot = Find(id);
            bool isNew = Indexes[slot] == 0;
            Ids[slot] = id;
            Indexes[slot] = indexPlusOne;
            Count += isNew ? 1 : 0;
            return isNew;
        }

        public Part Grow()
        {
            var larger = new Part((int)(Ids.Length * Growth) + FirstCapacity);
            for (int slot = 0; slot < Ids.Length; slot++)
            {
                if (Indexes[slot] != 0)
                {
                    larger.Put(Ids[slot], Indexes[slot]);
                }
            }

            return larger;
        }
    }
}
