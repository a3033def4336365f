namespace DigestStore.Doctor.Checks;

internal static class AbandonedDays
{
    public static Verdict Judge(TableFacts facts) => facts.Of(facts.Abandoned, abandoned =>
    {
        DateOnly?[] days = [.. abandoned.Where(static header => header.Is(DeliveryStatus.Abandoned)).Select(static header => header.Date)];
        return days.Length == 0
            ? Verdict.Ok("The email of no day was given up.")
            : Verdict.Warning(
                $"The email was given up: {Dates.List(days)}.",
                "GetDeliveryAsync says why. Correct that, call ResolveAsync with Retry and run the delivery again; if the email did go out, call ResolveAsync with MarkDelivered.");
    });
}
