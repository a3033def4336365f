using DigestStore.Day;
using DigestStore.Records;
using DigestStore.Resilience;
using DigestStore.Table;

namespace DigestStore.Storing;

// Looks up records of a day by their ids, with as many keys in a request as DynamoDB takes, and with several requests at a time.
internal sealed class WindowLookup(TableGateway gateway, Partition partition, int maxConcurrency)
{
    private readonly Lock _lock = new();

    // Returns null, or the reply with the fault for which some ids could not be looked up. onAnswer is called for one answer at a time.
    public Task<LookupReply?> ReadAsync(List<DigestItemId> ids, bool withHeader, Action<Answer> onAnswer) =>
        ids.Count + (withHeader ? 1 : 0) <= Schema.MaxBatchGetKeys
            ? ReadOnceAsync(ids, withHeader, onAnswer)
            : ReadInParallelAsync(ids, withHeader, onAnswer);

    private async Task<LookupReply?> ReadInParallelAsync(List<DigestItemId> ids, bool withHeader, Action<Answer> onAnswer)
    {
        LookupReply? failed = null;
        await Parallel.ForEachAsync(
            Requests(ids, withHeader),
            new ParallelOptions { MaxDegreeOfParallelism = maxConcurrency, CancellationToken = CancellationToken.None },
            async (request, _) =>
            {
                // After one look-up has failed nothing will be written, so the others are not needed.
                if (Volatile.Read(ref failed) is null && await ReadOnceAsync(request.Ids, request.WithHeader, onAnswer).ConfigureAwait(false) is { } reply)
                {
                    Volatile.Write(ref failed, reply);
                }
            }).ConfigureAwait(false);
        return failed;
    }

    // The header takes the place of one id in the first request.
    private static IEnumerable<(List<DigestItemId> Ids, bool WithHeader)> Requests(List<DigestItemId> ids, bool withHeader)
    {
        for (int from = 0; from < ids.Count;)
        {
            int take = Math.Min(Schema.MaxBatchGetKeys - (withHeader ? 1 : 0), ids.Count - from);
            yield return (ids.GetRange(from, take), withHeader);
            (withHeader, from) = (false, from + take);
        }
    }

    private async Task<LookupReply?> ReadOnceAsync(List<DigestItemId> ids, bool withHeader, Action<Answer> onAnswer)
    {
        LookupReply reply = await gateway.LookupAsync(DayLookup.Of(partition, withHeader, ids, consistent: true)).ConfigureAwait(false);
        if (reply.Fault is not null)
        {
            return reply;
        }

        (HeaderRecord? header, List<ItemRecord> items) = DayLookup.Read(reply, partition.Date);
        lock (_lock)
        {
            onAnswer(new Answer(ids, items, withHeader, header));
        }

        return null;
    }

    // Of the ids that were asked for, those without an item have no record.
    internal readonly record struct Answer(List<DigestItemId> Ids, List<ItemRecord> Items, bool IsHeaderKnown, HeaderRecord? Header);
}
