using System.Globalization;
using DigestStore.Identity;
using DigestStore.Records;

namespace DigestStore.Benchmarks.Peers;

/// <summary>An item with what the plain clients get for nothing: its identity, which DigestStore works out while it is measured.</summary>
internal sealed record PeerItem(DigestItem Item, string Id, string CanonicalUrl, string ContentHash)
{
    public static PeerItem[] Make(int count) => Of(SampleItems.Make(count));

    public static PeerItem[] Of(DigestItem[] items)
    {
        var made = new PeerItem[items.Length];
        for (int index = 0; index < items.Length; index++)
        {
            IdentityRuleSet.Default.TryCanonicalize(items[index].Url, out string? canonical, out _);
            var clean = new CleanItem { Item = items[index], CanonicalUrl = canonical!, Tags = [.. items[index].Tags] };
            made[index] = new PeerItem(items[index], DigestItemId.FromCanonical(canonical!).ToString(), canonical!, clean.ContentHash);
        }

        return made;
    }

    public static string PartitionKey(string digest, DateOnly date) => $"DIGEST#{digest}#{Date(date)}";

    public static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
