using System.Globalization;
using DigestStore.Records;

namespace DigestStore.Doctor.Checks;

internal static class Dates
{
    private const int MaxNamed = 5;

    // Lists the newest dates first.
    public static string List(IReadOnlyCollection<DateOnly?> dates)
    {
        string named = string.Join(", ", dates.OrderDescending().Take(MaxNamed).Select(static date => date is { } known ? RecordKeys.Date(known) : "a day without a date"));
        return dates.Count > MaxNamed ? string.Create(CultureInfo.InvariantCulture, $"{named} and {dates.Count - MaxNamed} more") : named;
    }
}
