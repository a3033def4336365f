using DigestStore.Records;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Manifests;

// Puts the manifest of a day together from its records: the first part, which says how many there are, and the further parts of the same
// fence.
internal static class ManifestReader
{
    public static string TextOf(ManifestState state) => state switch
    {
        ManifestState.Sending => "sending",
        ManifestState.Delivered => "delivered",
        ManifestState.Deleted => "deleted",
        ManifestState.Unsent => "unsent",
    };

    // Null if the first part is missing: it is written last, and nothing is sent before. Parts without it are those of an attempt that ended
    // before its email.
    public static Manifest? Read(DateOnly date, IReadOnlyCollection<StoredRecord> records)
    {
        if (records.FirstOrDefault(record => PartOf(record) == 1) is not { } first)
        {
            return null;
        }

        if (first.IsNewer)
        {
            return new Manifest { Date = date, Fence = 0, State = ManifestState.Sending, IsComplete = false, IsNewer = true };
        }

        long? fence = first.Number(N.Fence);
        long parts = first.Number(N.Parts) ?? 1;
        StoredRecord[] used = [first, .. records.Where(record => PartOf(record) > 1 && PartOf(record) <= parts && !record.IsNewer && record.Number(N.Fence) == fence).OrderBy(PartOf)];
        bool areIdsWhole = TryConcatenate(used, N.Ids, out DigestItemIdSet ids);
        bool arePriorIdsWhole = TryConcatenate(used, N.PriorIds, out DigestItemIdSet priorIds);
        ManifestState? state = StateOf(first.Text(N.State));
        return new Manifest
        {
            Date = date,
            Fence = fence ?? 0,
            State = state ?? ManifestState.Sending,
            PreviousState = StateOf(first.Text(N.PreviousState)),
            MessageId = first.Text(N.MessageId),
            IdRules = first.Text(N.IdRules),
            Ids = ids,
            PriorIds = OverwrittenIds(records, parts, fence).Aggregate(priorIds, static (all, ids) => all.Union(ids)),
            IdCount = first.Number(N.Count),
            PriorCount = first.Number(N.PriorCount),
            IsComplete = fence is not null && state is not null && used.Length == parts && areIdsWhole && arePriorIdsWhole && first.Number(N.Count) == ids.Count,
        };
    }

    // The ids of further parts that another attempt wrote: of one that was broken off before its first part, and has overwritten a part of the
    // attempt that the first part belongs to; or of an earlier one. They may have been sent.
    private static IEnumerable<DigestItemIdSet> OverwrittenIds(IReadOnlyCollection<StoredRecord> records, long parts, long? fence)
    {
        foreach (StoredRecord record in records.Where(record => PartOf(record) > 1 && !record.IsNewer && (PartOf(record) > parts || record.Number(N.Fence) != fence)))
        {
            foreach (string name in (string[])[N.Ids, N.PriorIds])
            {
                if (record.Bytes(name) is { } bytes)
                {
                    yield return DigestItemIdSet.FromBytes(bytes);
                }
            }
        }
    }

    private static int PartOf(StoredRecord record) => RecordKeys.TryParseManifest(record.Key.SortKey, out _, out int part) ? part : 0;

    private static ManifestState? StateOf(string? text)
    {
        foreach (ManifestState state in Enum.GetValues<ManifestState>())
        {
            if (string.Equals(TextOf(state), text, StringComparison.Ordinal))
            {
                return state;
            }
        }

        return null;
    }

    // False if the bytes of a part are no whole ids.
    private static bool TryConcatenate(StoredRecord[] parts, string name, out DigestItemIdSet ids)
    {
        ReadOnlyMemory<byte>[] found = [.. parts.Select(part => part.Bytes(name) ?? default)];
        ids = DigestItemIdSet.FromBytes(found is [var only] ? only : found.SelectMany(static bytes => bytes.ToArray()).ToArray());
        return Array.TrueForAll(found, static bytes => bytes.Length % DigestItemId.Bytes == 0);
    }
}
