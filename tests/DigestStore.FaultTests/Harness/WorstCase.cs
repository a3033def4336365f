namespace DigestStore.FaultTests;

/// <summary>
/// The published bound: what one store can cost at worst, whatever the server answers. <c>docs/faults.md</c> states it, the soak and
/// its properties hold it against random schedules.
/// </summary>
internal static class WorstCase
{
    private const int IsolationRequests = 100;
    private static readonly TimeSpan SpillReserve = TimeSpan.FromSeconds(2);

    public const string Text =
        """
        With `A` = `MaxAttempts`, `C` = `MaxConcurrency` (64 for the writes of a store in a file, if `MaxConcurrency` is less), `n` distinct valid items, `w` windows (1 for a collection), and `p` pages of 1 MB that the day has:

        | part | requests at worst | why |
        |---|---|---|
        | compare | `A · (n + 1 + w + p)` | every further round of a lookup asks for at least one key fewer; a page is asked for `A` times |
        | write | `A · (C · (n + 1) + n + 50)` | a worker's turn is `A` attempts at most; it settles an item, or all end, or another worker settled one meanwhile; at most 50 refused batches are bisected, others are single items |
        | isolate | `100` | no more is spent on poison items |
        | header | `2 · A` | one update at the end, and one before the first write of a long stream or of a day of other identity rules |

        A call makes at most the sum of these requests, and none after the deadline. In practice it makes far fewer:

        | case | requests at most |
        |---|---|
        | healthy, up to 25 items | 3 |
        | healthy, more | `ceil(n / BatchSize) + 2` |
        | access denied, table missing or with other keys | 1 |
        | outage | `A` |
        | the circuit is open after several failed calls of one process | 0 |
        | reads work, every write is throttled or fails | `1 + A · C` |
        | reads work, every write is refused as invalid | `1 + C + 2 · BatchSize` |

        A call takes at most `Deadline`. With a dead-letter sink, the requests end earlier, by `min(2 s, Deadline / 5)`, and the sink has up to
        2 s for its first 5,000 letters. So only a deadline below 10 s can be exceeded, by less than 2 s. Further letters are handed over only
        before the deadline, and the sink has at most 250 ms after it to take them. For a stream, the same limits hold for every stretch of time
        without progress. The time that the caller's own enumerable and logger take is not counted. A progress handler that hangs adds 1 s.
        """;

    public static long Requests(DigestStoreOptions options, int items, int windows, int pages)
    {
        long attempts = options.MaxAttempts;
        long compare = attempts * (items + 1 + windows + pages);
        long write = attempts * (((long)options.MaxConcurrency * (items + 1)) + items + (IsolationRequests / 2));
        return compare + write + IsolationRequests + (2 * attempts);
    }

    public static TimeSpan Time(DigestStoreOptions options, bool hasSink)
    {
        TimeSpan reserve = options.Deadline / 5 < SpillReserve ? options.Deadline / 5 : SpillReserve;
        return hasSink ? options.Deadline - reserve + SpillReserve : options.Deadline;
    }
}
