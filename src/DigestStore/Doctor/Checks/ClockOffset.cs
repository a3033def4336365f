using System.Globalization;

namespace DigestStore.Doctor.Checks;

internal static class ClockOffset
{
    private static readonly TimeSpan Tolerable = TimeSpan.FromSeconds(5);

    // DynamoDB refuses signatures that are about five minutes off, so this is reported well before.
    private static readonly TimeSpan Dangerous = TimeSpan.FromMinutes(2);

    public static Verdict Judge(TableFacts facts)
    {
        if (facts.ClockOffset is not { } offset)
        {
            return facts.Table.Value is null
                ? Verdict.NotKnown($"No answer came that told the time: the check {TableCheck.TableName} says why.")
                : Verdict.NotKnown("The client does not show the headers of its answers, or they had no Date.");
        }

        if (offset.Duration() <= Tolerable)
        {
            return Verdict.Ok(string.Create(CultureInfo.InvariantCulture, $"This machine's clock is not more than {Tolerable.TotalSeconds:0} s off DynamoDB's."));
        }

        string finding = string.Create(CultureInfo.InvariantCulture, $"This machine's clock is at least {offset.Duration().TotalSeconds:0} s {(offset > TimeSpan.Zero ? "ahead of" : "behind")} DynamoDB's.");
        const string Remedy = "timedatectl set-ntp true";
        return offset.Duration() > Dangerous ? Verdict.Problem(finding, Remedy) : Verdict.Warning(finding, Remedy);
    }
}
