using System.Globalization;

namespace DigestStore.Doctor.Checks;

internal static class EndedLeases
{
    // A sender whose lease has just ended may still be at its last step, and its clock may differ from this one.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static Verdict Judge(TableFacts facts) => facts.Of(facts.Sending, sending => facts.Of(facts.Deleting, deleting =>
    {
        DateOnly?[] killed = [.. sending.Where(header => header.Is(DeliveryStatus.Sending) && HasEnded(header, facts.Now)).Select(static header => header.Date)];
        DateOnly?[] halfDeleted = [.. deleting.Where(header => header.Is(DeliveryStatus.Deleting) && HasEnded(header, facts.Now)).Select(static header => header.Date)];
        if (killed.Length + halfDeleted.Length == 0)
        {
            return Verdict.Ok(string.Create(CultureInfo.InvariantCulture, $"{sending.Count + deleting.Count} days are being sent or deleted, and none of their leases ended more than an hour ago."));
        }

        return Verdict.Warning(
            $"{(killed.Length > 0 ? $"Being sent, and the sender said nothing until its lease ended: {Dates.List(killed)}. " : "")}{(halfDeleted.Length > 0 ? $"Deleted in part: {Dates.List(halfDeleted)}. " : "")}".TrimEnd(),
            $"{(killed.Length > 0 ? "The sender was probably killed. Ask the mail server whether it accepted the email; then call ResolveAsync for the day, or run its delivery again, which sends the email a second time. " : "")}{(halfDeleted.Length > 0 ? "Call DeleteDayAsync for the day again: it goes on where the last call ended." : "")}".TrimEnd());
    }));

    private static bool HasEnded(SampledRecord header, DateTimeOffset now) => header.LeaseUntil is null || header.LeaseUntil + Patience < now;
}
