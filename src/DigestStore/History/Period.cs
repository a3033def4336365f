using System.Globalization;
using DigestStore.Configuration;
using DigestStore.Records;

namespace DigestStore.History;

// The bounds of the ranges of dates that can be asked for.
internal static class Period
{
    // Ten years. The longest range takes 37 look-ups to list, and nobody waits for more by mistake.
    public const int MaxDays = 3_660;

    public static void Check(DateOnly from, DateOnly to)
    {
        if (from > to)
        {
            throw new ArgumentException($"The range begins on {RecordKeys.Date(from)} and ends on {RecordKeys.Date(to)}, but its beginning must not be after its end. Swap the two dates.", nameof(from));
        }

        if (DaysOf(from, to) > MaxDays)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The range from {RecordKeys.Date(from)} to {RecordKeys.Date(to)} has {DaysOf(from, to)} days, but may have at most {MaxDays}. Ask for shorter ranges one after the other."),
                nameof(to));
        }
    }

    // While no options have ever been valid, nobody knows how far back may be asked.
    public static void CheckDays(int days, StoreSettings settings)
    {
        int longest = settings.IsFallback ? int.MaxValue : (int)settings.Options.MaxLookback.TotalDays;
        if (days < 1 || days > longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(days),
                days,
                string.Create(CultureInfo.InvariantCulture, $"The number of days is {days}, but must be between 1 and {longest}: the store remembers no longer what was sent. Ask for fewer days, or raise {nameof(DigestStoreOptions)}.{nameof(DigestStoreOptions.MaxLookback)}."));
        }
    }

    private static int DaysOf(DateOnly from, DateOnly to) => to.DayNumber - from.DayNumber + 1;
}
