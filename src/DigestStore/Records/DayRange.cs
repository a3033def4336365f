namespace DigestStore.Records;

// The days that a call is about, and the table and digest that have them.
internal readonly record struct DayRange(string Table, string Digest, DateOnly From, DateOnly To)
{
    public static implicit operator DayRange(Partition day) => new(day.Table, day.Digest, day.Date, day.Date);

    // The form of ISO 8601 for a range of dates. A call that is about a delivery status is about all days.
    public string Text => (From == To, From == DateOnly.MinValue && To == DateOnly.MaxValue) switch
    {
        (true, _) => RecordKeys.Date(From),
        (_, true) => "all",
        _ => $"{RecordKeys.Date(From)}/{RecordKeys.Date(To)}",
    };
}
