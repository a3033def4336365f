using System.Collections.Concurrent;

namespace DigestStore.Benchmarks.Stub;

/// <summary>Records by key, one sorted list of sort keys per partition.</summary>
internal sealed class StubTable
{
    private const int MaxPageBytes = 1024 * 1024;

    private readonly ConcurrentDictionary<string, Day> _days = new(StringComparer.Ordinal);

    public void Forget() => _days.Clear();

    public void Put(StubRecord record)
    {
        Day day = _days.GetOrAdd(record.Pk, static _ => new Day());
        lock (day)
        {
            if (!day.Records.ContainsKey(record.Sk))
            {
                day.SortedKeys = null;
            }

            day.Records[record.Sk] = record;
        }
    }

    public void Delete(string pk, string sk)
    {
        if (_days.TryGetValue(pk, out Day? day))
        {
            lock (day)
            {
                day.SortedKeys = day.Records.Remove(sk) ? null : day.SortedKeys;
            }
        }
    }

    public StubRecord? Get(string pk, string sk)
    {
        if (!_days.TryGetValue(pk, out Day? day))
        {
            return null;
        }

        lock (day)
        {
            return day.Records.GetValueOrDefault(sk);
        }
    }

    public List<StubRecord> Page(string pk, string? after, (string From, string To)? range, out bool hasMore)
    {
        hasMore = false;
        var page = new List<StubRecord>();
        if (!_days.TryGetValue(pk, out Day? day))
        {
            return page;
        }

        lock (day)
        {
            day.SortedKeys ??= Sorted(day);
            int bytes = 0;
            for (int index = First(day.SortedKeys, after); index < day.SortedKeys.Length && !hasMore; index++)
            {
                StubRecord record = day.Records[day.SortedKeys[index]];
                if (range is { } asked && (string.CompareOrdinal(record.Sk, asked.From) < 0 || string.CompareOrdinal(record.Sk, asked.To) > 0))
                {
                    continue;
                }

                page.Add(record);
                bytes += record.Size;
                hasMore = bytes >= MaxPageBytes && index + 1 < day.SortedKeys.Length;
            }
        }

        return page;
    }

    private static string[] Sorted(Day day)
    {
        string[] keys = [.. day.Records.Keys];
        Array.Sort(keys, StringComparer.Ordinal);
        return keys;
    }

    private static int First(string[] keys, string? after)
    {
        int index = after is null ? -1 : Array.BinarySearch(keys, after, StringComparer.Ordinal);
        return index >= 0 ? index + 1 : after is null ? 0 : ~index;
    }

    private sealed class Day
    {
        public Dictionary<string, StubRecord> Records { get; } = new(StringComparer.Ordinal);

        public string[]? SortedKeys { get; set; }
    }
}
