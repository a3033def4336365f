using System.Globalization;

namespace DigestStore.Doctor.Checks;

internal static class DayHeaders
{
    // The sort key HEADER comes before those of the items, so a day that has a header has it in its sample.
    public static Verdict Judge(TableFacts facts) => facts.OfDays(() =>
    {
        IReadOnlyList<SampledRecord>[] days = [.. facts.Days.Select(static day => day.Value!).Where(static day => day.Count > 0)];
        DateOnly?[] without =
        [
            .. days.Where(static day => !day.Any(static record => record.IsHeader))
                .Select(static day => day.Select(static record => record.Date).FirstOrDefault(static date => date is not null)),
        ];
        return without.Length == 0
            ? Verdict.Ok(string.Create(CultureInfo.InvariantCulture, $"Of the last {TableInspection.MaxDays} days {days.Length} have records, and each of them has its header."))
            : Verdict.Warning(
                $"Without a header: {Dates.List(without)}.",
                "Store the day again, with the same items or some of them: nothing is doubled, and the store writes the header.");
    });
}
