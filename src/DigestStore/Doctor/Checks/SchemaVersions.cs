using System.Globalization;
using DigestStore.Records;

namespace DigestStore.Doctor.Checks;

internal static class SchemaVersions
{
    public static Verdict Judge(TableFacts facts) => facts.OfDays(() =>
    {
        SampledRecord[] records = [.. facts.Sample];
        SampledRecord[] newer = [.. records.Where(static record => record.IsNewer)];
        if (newer.Length == 0)
        {
            return Verdict.Ok(records.Length == 0 ? "There was no record to look at." : string.Create(CultureInfo.InvariantCulture, $"All {records.Length} records of the sample can be read by this version, which knows schema version {Schema.Version}."));
        }

        string versions = string.Join(", ", newer.Select(static record => record.Version ?? "no number").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return Verdict.Warning(
            string.Create(CultureInfo.InvariantCulture, $"{newer.Length} of {records.Length} records of the sample have a schema that this version does not know: {versions}."),
            "Update DigestStore in every application that uses the table.");
    });
}
