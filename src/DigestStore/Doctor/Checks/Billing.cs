using Amazon.DynamoDBv2;

namespace DigestStore.Doctor.Checks;

internal static class Billing
{
    // Of a table that never was on demand DynamoDB tells no billing mode.
    public static Verdict Judge(TableFacts facts) => facts.OfTable(table => table.BillingModeSummary?.BillingMode == BillingMode.PAY_PER_REQUEST
        ? Verdict.Ok("On demand.")
        : Verdict.Warning("The capacity is provisioned, not on demand.", AwsCommand.For(facts.Options, "update-table", "--billing-mode PAY_PER_REQUEST")));
}
