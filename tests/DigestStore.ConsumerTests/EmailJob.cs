using DigestStore;

namespace ConsumerTests;

/// <summary>What a consumer writes: a job that stores the day's links and sends the email whatever the store says.</summary>
public sealed class EmailJob(IDigestRepository digests, Action<string> send)
{
    public async Task<StoreResult> RunAsync(DateOnly date, IReadOnlyList<DigestItem> links, CancellationToken cancellationToken = default)
    {
        StoreResult result = await digests.StoreAsync(date, links, new StoreCallOptions { Caller = nameof(EmailJob) }, cancellationToken);
        string note = result.Status == StoreStatus.Stored ? "" : $" [not archived: {result.Status}]";
        send(string.Join(", ", links.Select(link => link.Title)) + note);
        return result;
    }

    public async Task<string> YesterdayAsync(DateOnly today, CancellationToken cancellationToken = default)
    {
        try
        {
            Digest digest = await digests.GetAsync(today.AddDays(-1), cancellationToken);
            return digest.Count == 0 ? "nothing yesterday" : string.Join(", ", digest.Select(stored => stored.Item.Title));
        }
        catch (DigestStoreException exception)
        {
            return "yesterday is unknown: " + exception.Reason;
        }
    }
}
