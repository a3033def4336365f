using System.Globalization;
using DigestStore.Manifests;
using DigestStore.Records;

namespace DigestStore.Doctor.Checks;

internal static class SentManifests
{
    public static Verdict Judge(TableFacts facts) => facts.OfDays(() => facts.Of(facts.Manifests, manifests =>
    {
        DateOnly[] delivered =
        [
            .. facts.Days.SelectMany(static day => day.Value!).Where(static record => record.Is(DeliveryStatus.Delivered)).Select(static header => header.Date).OfType<DateOnly>(),
        ];
        DateOnly?[] without = [.. delivered.Where(date => PartOf(manifests, date, 1) is null)];
        DateOnly?[] unsettled = [.. delivered.Where(date => PartOf(manifests, date, 1) is { } first && !IsSettled(manifests, date, first))];
        if (without.Length + unsettled.Length == 0)
        {
            return Verdict.Ok(string.Create(CultureInfo.InvariantCulture, $"Of the last {TableInspection.MaxDays} days {delivered.Length} are delivered, and each of them has a manifest that says what was sent."));
        }

        return Verdict.Warning(
            $"{(without.Length > 0 ? $"Delivered, and it is not recorded what was sent: {Dates.List(without)}. " : "")}{(unsettled.Length > 0 ? $"Delivered, and the record of what was sent is not settled: {Dates.List(unsettled)}. " : "")}".TrimEnd(),
            "Replay the dead letters: the letter of a delivery has its links. Where there is no letter, nothing can be added afterwards: links of a day without a record can be sent again, and those of an unsettled one count as sent. Send by DeliverAsync, or call AnnounceAsync before the email.");
    }));

    // A newer version of the library may mean something else by its state.
    private static bool IsSettled(IReadOnlyList<SampledRecord> manifests, DateOnly date, SampledRecord first) => first.IsNewer ||
        (string.Equals(first.State, ManifestReader.TextOf(ManifestState.Delivered), StringComparison.Ordinal) &&
            Enumerable.Range(2, Math.Max(0, first.Parts - 1)).All(part => string.Equals(PartOf(manifests, date, part)?.Fence, first.Fence, StringComparison.Ordinal)));

    private static SampledRecord? PartOf(IReadOnlyList<SampledRecord> manifests, DateOnly date, int part) =>
        manifests.FirstOrDefault(record => string.Equals(record.SortKey, RecordKeys.Manifest(date, part), StringComparison.Ordinal));
}
