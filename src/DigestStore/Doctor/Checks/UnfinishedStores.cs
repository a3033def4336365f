using System.Globalization;
using DigestStore.Records;

namespace DigestStore.Doctor.Checks;

internal static class UnfinishedStores
{
    public static Verdict Judge(TableFacts facts) => facts.Of(facts.Headers, _ =>
    {
        SampledRecord[] headers = [.. facts.Sample.Where(static record => record is { IsNewer: false, IsHeader: true })];
        DateOnly?[] partial = [.. headers.Where(static header => string.Equals(header.LastStoreStatus, StoreStatusText.Partial, StringComparison.Ordinal)).Select(static header => header.Date)];

        // A long store writes a header before its first item, and adds the id of its run only at its end. A header that has no identity rules
        // either is not a store's: a sender began it before any item was stored.
        DateOnly?[] begun = [.. headers.Where(static header => header is { LastRunId: null, IdRules: not null }).Select(static header => header.Date)];
        if (partial.Length + begun.Length == 0)
        {
            return Verdict.Ok(string.Create(CultureInfo.InvariantCulture, $"The last store of each of the {headers.Length} sampled days was complete."));
        }

        return Verdict.Warning(
            $"{(partial.Length > 0 ? $"Stored in part: {Dates.List(partial)}. " : "")}{(begun.Length > 0 ? $"Begun and not ended: {Dates.List(begun)}. " : "")}".TrimEnd(),
            "Replay the dead letters, or store the day again: nothing is doubled. A store that is under way right now is no fault.");
    });
}
