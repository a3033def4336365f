using DigestStore.Calls;

namespace DigestStore.Storing;

// Items that the end of the call left no time to look at: they are received, and have no outcome yet. The dead-letter sink takes valid
// items only, so with a sink they are looked at after all, as far as the part of the deadline reaches that is kept for it.
// The letters that were handed over before, since the time that is given as the start, have used up some of it.
internal sealed class UnseenItems(int first, int end, Func<int, PreparedItem> prepare)
{
    public async Task SettleAsync(StoreLedger ledger, Spill spill, CallScope scope, StoreProblemReason reason, int nextOrdinal, long started)
    {
        int next = first;
        var time = TimeSpan.FromTicks(Math.Clamp(Spill.ReserveOf(scope.Deadline).Ticks, Spill.Grace.Ticks, (Spill.Reserve - Spill.Grace).Ticks));
        TimeSpan Left() => time - scope.Time.GetElapsedTime(started);
        bool HasTime() => Left() > TimeSpan.Zero;
        while (next < end && spill.IsWilling && Left() is var left && left > TimeSpan.Zero)
        {
            int from = next;
            Task<List<PreparedItem>> looking = Task.Run(() => Prepare(from, HasTime), CancellationToken.None);

            // On the real clock: what blocks is a real thread.
            await ((Task)looking).WaitAsync(left + Preparation.Grace, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!looking.IsCompletedSuccessfully)
            {
                // The caller's code blocks, in the lists of an item.
                AbandonedTasks.Observe(looking);
                break;
            }

            List<PreparedItem> items = await looking.ConfigureAwait(false);
            next += items.Count;
            await spill.TakeAsync(Settle(items, from, ledger, reason), nextOrdinal, started).ConfigureAwait(false);
        }

        spill.Lose(end - next);
        ledger.FailRest(reason);
    }

    private List<PreparedItem> Prepare(int from, Func<bool> hasTime)
    {
        var items = new List<PreparedItem>();
        for (int index = from; index < end && items.Count < Spill.LettersAtOnce && hasTime(); index++)
        {
            items.Add(prepare(index));
        }

        return items;
    }

    private static List<PendingItem> Settle(List<PreparedItem> items, int from, StoreLedger ledger, StoreProblemReason reason)
    {
        var valid = new List<PendingItem>(items.Count);
        for (int offset = 0; offset < items.Count; offset++)
        {
            PreparedItem item = items[offset];
            ledger.Inspect(item.Source, item.Findings);
            if (item.Defect is { } defect)
            {
                ledger.Reject(from + offset, null, item.Source, defect, item.DefectMessage);
            }
            else if (item.ToPending(from + offset) is { } pending)
            {
                ledger.SettleUnsent(pending, reason);
                valid.Add(pending);
            }
        }

        return valid;
    }
}
