namespace DigestStore.Sqlite;

// The writes that wait for a file, in the order in which they came.
internal sealed class WriteQueue
{
    // A table that takes less than it is given must not fill the memory.
    public const long MaxBytes = 64 * 1024 * 1024;

    private readonly object _lock = new();
    private readonly LinkedList<WriteEntry> _entries = new();
    private long _bytes;
    private bool _isClosed;

    public enum Admission
    {
        Queued,
        Full,
        Closed,
    }

    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _isClosed;
            }
        }
    }

    public Admission TryAdd(WriteEntry entry)
    {
        lock (_lock)
        {
            if (_isClosed || (_entries.Count > 0 && _bytes + entry.Bytes > MaxBytes))
            {
                return _isClosed ? Admission.Closed : Admission.Full;
            }

            _entries.AddLast(entry);
            _bytes += entry.Bytes;
            Monitor.Pulse(_lock);
            return Admission.Queued;
        }
    }

    // The next entry whose caller still wants it, which is then taken. Null if there is none.
    public WriteEntry? Take()
    {
        lock (_lock)
        {
            while (_entries.First is { } first)
            {
                Remove(first);
                if (first.Value.TryTake())
                {
                    return first.Value;
                }
            }

            return null;
        }
    }

    // Takes the entries that have waited too long for the lock of another process, and says how long the most impatient of the others will
    // wait. Null if none is left.
    public List<WriteEntry> TakeImpatient(out TimeSpan? patience)
    {
        var impatient = new List<WriteEntry>();
        long now = TimeProvider.System.GetTimestamp();
        patience = null;
        lock (_lock)
        {
            for (LinkedListNode<WriteEntry>? node = _entries.First; node is not null;)
            {
                LinkedListNode<WriteEntry>? next = node.Next;
                if (node.Value.ImpatientAt <= now)
                {
                    Remove(node);
                    if (node.Value.TryTake())
                    {
                        impatient.Add(node.Value);
                    }
                }
                else if (TimeProvider.System.GetElapsedTime(now, node.Value.ImpatientAt) is var left && !(left > patience))
                {
                    patience = left;
                }

                node = next;
            }
        }

        return impatient;
    }

    // False if there is still nothing after this time, or if the queue was closed. Null: waits for as long as it takes.
    public bool Wait(TimeSpan? limit)
    {
        lock (_lock)
        {
            while (_entries.Count == 0 && !_isClosed)
            {
                if (!Monitor.Wait(_lock, limit ?? Timeout.InfiniteTimeSpan))
                {
                    break;
                }
            }

            return _entries.Count > 0;
        }
    }

    // No more entries are admitted. Those that are there can still be taken.
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void Remove(LinkedListNode<WriteEntry> node)
    {
        _entries.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}
