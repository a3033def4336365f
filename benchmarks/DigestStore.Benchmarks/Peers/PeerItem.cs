using System.Globalization;
using DigestStore.Identity;
using DigestStore.Records;

namespace DigestStore.Benchmarks.Peers;

/// <summary>An item with what the plain clients get for nothing: its identity, which only DigestStore works out while it is measured.</summary>
internal sealed record PeerItem(DigestItem Item, string Id, string CanonicalUrl, string ContentHash)
{
    public static PeerItem[] Make(int count) => Of(SampleItems.Make(count));

    public static PeerItem[] Of(DigestItem[] items)
    {
        var made = new PeerItem[items.Length];
        for (int index = 0; index < items.Length; index++)
        {
            IdentityRuleSet.Default.TryCanonicalize(items[index].Url, out string? canonical, out _);
            string id = DigestItemId.FromCanonical(canonical!).ToString();
            made[index] = new PeerItem(items[index], id, canonical!, $"1-{id}{id}");
        }

        return made;
    }

    public static string PartitionKey(string digest, DateOnly date) => $"DIGEST#{digest}#{Date(date)}";

    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
