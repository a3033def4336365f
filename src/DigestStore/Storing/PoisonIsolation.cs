using DigestStore.Table;

namespace DigestStore.Storing;

// DynamoDB refuses a whole batch for one invalid item. The batch is bisected until the items to blame stand alone, so that all others are
// stored.
internal sealed class PoisonIsolation
{
    // The bound on requests over all windows of a store call.
    private const int MaxRequests = 100;

    private int _requests;

    // Sends parts of the batch until each item is stored, given back to the pool, or named in the answer.
    public async Task<Found> BisectAsync(
        List<PendingItem> refused, Func<bool> isStopped, Func<List<PendingItem>, Task<WriteReply>> send, Action<List<PendingItem>> giveBack, Action<WriteReply> onPermanent)
    {
        var found = new Found([], []);
        var suspects = new Stack<List<PendingItem>>();
        Split(refused, suspects, found.Poison);
        while (suspects.TryPop(out List<PendingItem>? suspect))
        {
            if (isStopped())
            {
                giveBack(suspect);
                continue;
            }

            if (++_requests > MaxRequests)
            {
                found.NotIsolated.AddRange(suspect);
                continue;
            }

            WriteReply reply = await send(suspect).ConfigureAwait(false);
            if (reply.Fault is { IsRefusal: true })
            {
                Split(suspect, suspects, found.Poison);
            }
            else if (reply.Fault is { IsTransient: false })
            {
                onPermanent(reply);
                while (suspects.TryPop(out List<PendingItem>? rest))
                {
                    giveBack(rest);
                }
            }
        }

        return found;
    }

    private static void Split(List<PendingItem> refused, Stack<List<PendingItem>> suspects, List<PendingItem> poison)
    {
        if (refused.Count == 1)
        {
            poison.Add(refused[0]);
            return;
        }

        int half = refused.Count / 2;
        suspects.Push(refused.GetRange(half, refused.Count - half));
        suspects.Push(refused.GetRange(0, half));
    }

    internal sealed record Found(List<PendingItem> Poison, List<PendingItem> NotIsolated);
}
