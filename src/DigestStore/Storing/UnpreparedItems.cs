using DigestStore.Calls;

namespace DigestStore.Storing;

// Items that were not prepared before the end of the call. They count as received and have no outcome yet. The dead-letter sink takes valid
// items only. So if there is a sink, they are prepared after all, as far as the time allows that is reserved for the sink.
internal sealed class UnpreparedItems(int first, int end, Func<int, PreparedItem> prepare)
{
    // The reserved time runs from the given start, because the letters of prepared items have already used some of it.
    public async Task SettleAsync(StoreContext context, DeadLetterWriter deadLetters, StoreProblemReason reason, int nextOrdinal, long started)
    {
        int next = first;
        long ticks = Math.Clamp(DeadLetterWriter.ReserveOf(context.Scope.Deadline).Ticks, DeadLetterWriter.Grace.Ticks, (DeadLetterWriter.Reserve - DeadLetterWriter.Grace).Ticks);
        TimeSpan Left() => TimeSpan.FromTicks(ticks) - context.Scope.Time.GetElapsedTime(started);
        bool HasTime() => Left() > TimeSpan.Zero;
        while (next < end && deadLetters.CanWrite && Left() is var left && left > TimeSpan.Zero)
        {
            int from = next;
            Task<List<PreparedItem>> preparing = Task.Run(() => Prepare(from, HasTime), CancellationToken.None);

            // The wait uses the real clock, because code of the caller that blocks does so on a real thread.
            await ((Task)preparing).WaitAsync(left + Preparation.Grace, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!preparing.IsCompletedSuccessfully)
            {
                // The caller's code blocks, in the tags or the metadata of an item.
                AbandonedTasks.Observe(preparing);
                break;
            }

            List<PreparedItem> items = await preparing.ConfigureAwait(false);
            next += items.Count;
            await deadLetters.TakeAsync(Settle(items, from, context.Ledger, reason), nextOrdinal, started).ConfigureAwait(false);
        }

        deadLetters.Lose(end - next);
        context.Ledger.FailRest(reason);
    }

    private List<PreparedItem> Prepare(int from, Func<bool> hasTime)
    {
        var items = new List<PreparedItem>();
        for (int index = from; index < end && items.Count < DeadLetterWriter.MaxLettersPerWrite && hasTime(); index++)
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
            ledger.CountFindings(item.Item, item.Findings);
            if (item.Defect is { } defect)
            {
                ledger.Reject(from + offset, null, item.Item, defect, item.DefectMessage);
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
