using Amazon.DynamoDBv2;
using N = DigestStore.Records.AttributeNames;

namespace DigestStore.Doctor.Checks;

internal static class Expiry
{
    public static Verdict Judge(TableFacts facts) => facts.Of(facts.TimeToLive, expiry =>
    {
        string on = AwsCommand.For(facts.Options, "update-time-to-live", $"--time-to-live-specification Enabled=true,AttributeName={N.ExpiresAt}");
        bool isOptional = facts.Options.Retention is null;
        if (expiry.TimeToLiveStatus == TimeToLiveStatus.DISABLING)
        {
            // DynamoDB refuses to change the time to live again until the first change is done.
            const string GoingOff = "The time to live is being switched off";
            string later = $"Wait until it is off, for an hour at the most, then {on}";
            return isOptional ? Verdict.Warning($"{GoingOff}.", later) : Verdict.Problem($"{GoingOff}, and {nameof(DigestStoreOptions.Retention)} is set.", later);
        }

        bool isOn = expiry.TimeToLiveStatus == TimeToLiveStatus.ENABLED || expiry.TimeToLiveStatus == TimeToLiveStatus.ENABLING;
        if (isOn && !string.Equals(expiry.AttributeName, N.ExpiresAt, StringComparison.Ordinal))
        {
            string off = AwsCommand.For(facts.Options, "update-time-to-live", $"--time-to-live-specification Enabled=false,AttributeName={AwsCommand.Quoted(expiry.AttributeName ?? "")}");
            string first = expiry.TimeToLiveStatus == TimeToLiveStatus.ENABLING ? "Wait until it is on, for an hour at the most, then " : "";
            return Verdict.Problem($"The time to live is on '{expiry.AttributeName}', and must be on '{N.ExpiresAt}'.", $"{first}{off} and, an hour later, {on}");
        }

        if (isOn)
        {
            return Verdict.Ok($"On '{N.ExpiresAt}'.");
        }

        // Records expire only if a retention is set, so without one this is only a warning.
        return isOptional
            ? Verdict.Warning("The time to live is off.", on)
            : Verdict.Problem($"The time to live is off, and {nameof(DigestStoreOptions.Retention)} is set.", on);
    });
}
