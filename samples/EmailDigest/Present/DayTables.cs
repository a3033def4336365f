using Spectre.Console;

namespace EmailDigest.Present;

/// <summary>Days and what became of their emails, as tables.</summary>
internal static class DayTables
{
    public static Table Of(IReadOnlyList<DigestDay> days)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string name in (string[])["Date", "Email", "Stored (UTC)", "Items", "Sent", "Sent at (UTC)", "Attempts", "Note"])
        {
            table.AddColumn(new TableColumn(name).Alignment(name is "Items" or "Sent" or "Attempts" ? Justify.Right : Justify.Left));
        }

        foreach (DigestDay day in days)
        {
            table.AddRow(
                Cell(Words(day.Date)), Cell(day.Status is null ? "of a newer version" : Words(day.Status)), Cell(Words(day.StoredAt, zone: "")), Cell(Words(day.ItemsInserted)),
                Cell(day.SentCount is { } sent ? Words(sent) : ""), Cell(Words(day.DeliveredAt, zone: "")), Cell(Words(day.DeliveryAttempts)), Cell(NoteOf(day)));
        }

        return table;
    }

    public static Table Of(DeliveryState state)
    {
        Table table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        Add("date", Words(state.Date));
        Add("email", Words(state.Status) + (state.IsLeaseOverdue ? "; its sender has ended without a word, and was probably killed" : ""));
        Add("attempts", Words(state.Attempts));
        Add("sender", state.Owner ?? "");
        Add("holds it until", Words(state.LeaseUntil));
        Add("message id", state.MessageId ?? "");
        Add("sent at", Words(state.DeliveredAt));
        Add("links sent", state.SentCount is { } sent ? Words(sent) : "");
        Add("links stored after it", state.ItemsAfterDelivery > 0 ? Words(state.ItemsAfterDelivery) : "");
        Add("failed at", Words(state.FailedAt));
        Add("last failure", state.LastFailure is { } failure ? $"{failure.Kind}: {failure.Reason}" : "");
        return table;

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                table.AddRow(Cell(name), Cell(value));
            }
        }
    }

    public static string Words(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    public static string Words(DateTimeOffset? time, string zone = " 'UTC'") => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss" + zone, CultureInfo.InvariantCulture) ?? "";
    public static string Words(DeliveryStatus? status) => status?.ToString().ToLowerInvariant() ?? "unknown";

    private static string Words(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string NoteOf(DigestDay day) =>
        day.HeldUntil is { } until ? $"{day.HeldBy} until {Words(until)}"
        : day.ItemsAfterDelivery > 0 ? $"{Report.Count((int)day.ItemsAfterDelivery, "link", "links")} stored after the email"
        : day.LastStoreStatus == StoreStatus.PartiallyStored ? "partially stored"
        : day.Status is DeliveryStatus.Delivered ? "" : day.LastError ?? "";

    private static Text Cell(string text) => new(EntryText.Clean(text, 300));
}
