using System.Globalization;
using Amazon.DynamoDBv2;

namespace DigestStore.Doctor.Checks;

internal static class Recovery
{
    // A mistake that is made before a long weekend may be noticed only after it.
    private const int MinDays = 7;

    // DynamoDB uses this window for a table for which nobody has set one.
    private const int DefaultDays = 35;

    public static Verdict Judge(TableFacts facts) => facts.Of(facts.Backups, backups =>
    {
        string remedy = AwsCommand.For(facts.Options, "update-continuous-backups", $"--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays={DefaultDays}");
        if (backups.PointInTimeRecoveryDescription is not { } recovery || recovery.PointInTimeRecoveryStatus != PointInTimeRecoveryStatus.ENABLED)
        {
            return Verdict.Problem("Point-in-time recovery is off.", remedy);
        }

        int days = recovery.RecoveryPeriodInDays ?? DefaultDays;
        string earliest = recovery.EarliestRestorableDateTime is { } first ? string.Create(CultureInfo.InvariantCulture, $", at present from {first.ToUniversalTime():yyyy-MM-dd HH:mm} UTC on") : "";
        string window = string.Create(CultureInfo.InvariantCulture, $"The table can be restored to any second of the last {days} {(days == 1 ? "day" : "days")}{earliest}.");
        return days >= MinDays ? Verdict.Ok(window) : Verdict.Warning(window, remedy);
    });
}
